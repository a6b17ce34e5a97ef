/**
 * node-av is written for Node 22. On Node 20 it loads, and then silently yields no packets, unless these exist.
 * Import this module before node-av; it does nothing where the runtime has them.
 */

function define(holder: object, name: string, value: unknown): void {
	if (!(name in holder)) Object.defineProperty(holder, name, { value, configurable: true, writable: true });
}

define(Symbol, "dispose", Symbol("Symbol.dispose"));
define(Symbol, "asyncDispose", Symbol("Symbol.asyncDispose"));
define(Promise, "withResolvers", <T>() => {
	let resolve: (value: T | PromiseLike<T>) => void = () => undefined;
	let reject: (reason?: unknown) => void = () => undefined;
	const promise = new Promise<T>((onResolve, onReject) => {
		resolve = onResolve;
		reject = onReject;
	});
	return { promise, resolve, reject };
});

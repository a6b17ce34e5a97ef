import type * as Constants from "node-av/constants";
import type * as Lib from "node-av/lib";

/** The FFmpeg bindings, once they are loaded. */
export type Av = typeof Lib & { readonly constants: typeof Constants };

/**
 * Loads the FFmpeg bindings. They are an optional dependency, and on Node 20 they expect three things of the language
 * that came later: without them they load, but silently give no packets. FFmpeg itself is told to print nothing, since
 * what it prints holds references with their credentials. Throws what import() throws.
 */
export async function loadAv(): Promise<Av> {
	fillIn(Symbol, "dispose", Symbol("Symbol.dispose"));
	fillIn(Symbol, "asyncDispose", Symbol("Symbol.asyncDispose"));
	fillIn(Promise, "withResolvers", function withResolvers<T>() {
		let resolve: (value: T | PromiseLike<T>) => void = () => undefined;
		let reject: (reason?: unknown) => void = () => undefined;
		const promise = new Promise<T>((yes, no) => {
			resolve = yes;
			reject = no;
		});
		return { promise, resolve, reject };
	});
	const [lib, constants] = await Promise.all([import("node-av/lib"), import("node-av/constants")]);
	lib.Log.setLevel(constants.AV_LOG_QUIET);
	return { ...lib, constants };
}

function fillIn(target: object, name: string, value: unknown): void {
	if (!(name in target)) Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

import type * as Uws from "uWebSockets.js";
import { createRequire } from "node:module";

/** An app with what every binding has, though not every declaration names it. */
export type App = Uws.TemplatedApp & {
	/** Closes the listen socket and every connection, at once. */
	close(): void;
	/** With `options` 1 the port is refused when another process listens on it, rather than shared. */
	listen(host: string, port: number, options: number, done: (socket: ListenSocket | false) => void): App;
};
export type HttpRequest = Uws.HttpRequest;
export type HttpResponse = Uws.HttpResponse;
export type ListenSocket = Uws.us_listen_socket;
export type WebSocket<UserData> = Uws.WebSocket<UserData>;
export type WebSocketBehavior<UserData> = Uws.WebSocketBehavior<UserData>;
export type SocketContext = Uws.us_socket_context_t;

/** What is used of a binding of uWebSockets.js. */
export interface UwsBinding {
	/** Which package was loaded, with its version, for the log: `uWebSockets.js-next 20.57.0`. */
	readonly source: string;
	createApp(): App;
	closeListenSocket(socket: ListenSocket): void;
	localPort(socket: ListenSocket): number;
}

/** Newest first. The first is optional and needs a newer C library than the second. */
const packages = ["uWebSockets.js-next", "uWebSockets.js"] as const;
const require = createRequire(import.meta.url);

/**
 * Loads the newest binding of uWebSockets.js that runs here. Throws when none does: a package that would fall back to
 * a server written in JavaScript counts as none.
 */
export function loadUws(): UwsBinding {
	const failures: string[] = [];
	for (const name of packages) {
		try {
			return load(name);
		} catch (error) {
			// The next one may fit; if none does, the reasons go into the error.
			failures.push(`${name}: ${firstLine(error)}`);
		}
	}
	throw new Error(`No native uWebSockets.js fits this system. ${failures.join("; ")}`);
}

function load(name: (typeof packages)[number]): UwsBinding {
	const { version, binary } = locate(name);
	// The binary is loaded by its own path, past the package's entry: the older one's replaces a binary that does not fit by JavaScript.
	const uws: typeof Uws = require(binary);
	return {
		source: `${name} ${version}`,
		createApp: () => withTimeouts(withClose(uws.App())),
		closeListenSocket: (socket) => uws.us_listen_socket_close(socket),
		localPort: (socket) => uws.us_socket_local_port(socket),
	};
}

function locate(name: (typeof packages)[number]): { version: string; binary: string } {
	const file = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;
	if (name === "uWebSockets.js") {
		const { version }: { version: string } = require("uWebSockets.js/package.json");
		return { version, binary: `uWebSockets.js/binaries/${file}` };
	}
	// Its exports hide everything but the entry, which lies beside the rest.
	const beside = (other: string) => require.resolve(name).replace(/[^/\\]+$/, other);
	const { version }: { version: string } = require(beside("package.json"));
	return { version, binary: beside(file) };
}

/** Seconds after which a connection is closed that sends no request, whether it had an answer before or not. */
export const IDLE_TIMEOUT = 10;

/** What the newer binding can be told and the older one has built in, though neither declares it. */
interface TimedApp {
	/** Seconds for a request to come whole, from the connection on; 30 when nothing is said. */
	setIdleTimeout(seconds: number): void;
	/** Seconds for the next request, from an answer on; 30 when nothing is said. */
	setResponseTimeout(seconds: number): void;
}

/** Both bindings keep idle connections for the same time: proxies in front count on it, and so does what slow clients may cost. */
function withTimeouts(app: App): App {
	if (isTimed(app)) {
		app.setIdleTimeout(IDLE_TIMEOUT);
		app.setResponseTimeout(IDLE_TIMEOUT);
	}
	return app;
}

function isTimed(app: App): app is App & TimedApp {
	return "setIdleTimeout" in app && "setResponseTimeout" in app;
}

function withClose(app: Uws.TemplatedApp): App {
	if (!hasClose(app)) throw new Error("this binding of uWebSockets.js cannot close its connections");
	return app;
}

function hasClose(app: Uws.TemplatedApp): app is App {
	return "close" in app && typeof app.close === "function";
}

function firstLine(error: unknown): string {
	return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}

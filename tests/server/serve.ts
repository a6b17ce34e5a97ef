import { systemClock } from "../../actors/clock.ts";
import { Fault } from "../../persistence/fault.ts";
import { openAccess } from "../../server/access/access.ts";
import type { HttpOptions } from "../../server/http/options.ts";
import { Peers } from "../../server/http/peers.ts";
import type { Route } from "../../server/http/route.ts";
import { HttpServer } from "../../server/http/server.ts";
import type { RouteParts } from "../../server/routes/parts.ts";
import { routeTable } from "../../server/routes/table.ts";
import { RecordingEngine } from "./recording-engine.ts";

/** One line that was logged. */
export interface Line {
	level: string;
	members: Record<string, unknown>;
	message: string;
}

export interface Serving extends AsyncDisposable {
	server: HttpServer;
	engine: RecordingEngine;
	url: string;
	lines: Line[];
	/** `fetch` of a path of this server. */
	ask(path: string, init?: RequestInit): Promise<Response>;
	/** The answer's JSON, with its status. */
	json(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }>;
}

export interface ServeOptions extends Partial<HttpOptions> {
	parts?: Partial<RouteParts>;
	/** Besides the table's. */
	routes?: Route[];
}

/** A real server with all routes over an engine that records. */
export async function serve({ parts, routes = [], ...options }: ServeOptions = {}): Promise<Serving> {
	const engine = new RecordingEngine();
	const lines: Line[] = [];
	const log = (level: string) => (members: object, message: string) =>
		void lines.push({ level, members: { ...members }, message });
	const table = routeTable({ ...defaults(engine), ...parts });
	const server = new HttpServer(
		{
			host: "127.0.0.1",
			port: 0,
			prefix: "",
			allowedHosts: [],
			requestMaxSize: 1_048_576,
			logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
			clock: systemClock,
			access: openAccess,
			peers: new Peers({ trustedProxies: [], exempt: [] }),
			...options,
		},
		[...table, ...routes],
	);
	await server.start();
	const url = `http://127.0.0.1:${server.port}`;
	const ask = (path: string, init?: RequestInit) => fetch(url + path, init);
	return {
		server,
		engine,
		url,
		lines,
		ask,
		async json(path, init) {
			const response = await ask(path, init);
			return { status: response.status, body: await response.json() };
		},
		async [Symbol.asyncDispose]() {
			await server.stop();
		},
	};
}

/** A request with a JSON body. */
export function posted(body: unknown, method = "POST"): RequestInit {
	return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

function defaults(engine: RecordingEngine): RouteParts {
	const away = async () => {
		throw new Fault(39010, { reason: "the upstream refused the connection" });
	};
	return {
		engine,
		previews: {
			lastFrame: away,
			watch: away,
			follow: () => () => undefined,
			forget: () => undefined,
			keep: () => undefined,
		},
		version: "2.3.4",
		clock: systemClock,
		checkNeighbours: async () => undefined,
		files: [],
	};
}

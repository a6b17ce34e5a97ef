import { Fault } from "../../persistence/fault.ts";
import { RunningPart } from "../../persistence/service.ts";
import type { Credentials } from "../access/access.ts";
import { permit } from "../access/actions.ts";
import type { Caller } from "../access/caller.ts";
import type { Kept } from "../access/standing.ts";
import { IncomingBody, isJson, parseBody } from "./body.ts";
import { errorAnswer, toFault } from "./catalogue.ts";
import { Exchange, type ExchangeOwner } from "./exchange.ts";
import { everyLine } from "./header-lines.ts";
import { HostRule } from "./host.ts";
import type { HttpOptions, RequestMetrics } from "./options.ts";
import { type Reply, statusOf } from "./reply.ts";
import { givenId } from "./request-id.ts";
import type { Method, Route } from "./route.ts";
import { type Match, Router } from "./router.ts";
import { SlowBodies } from "./slow-bodies.ts";
import { type App, type HttpRequest, type HttpResponse, type ListenSocket, loadUws, type UwsBinding } from "./uws.ts";

export type { HttpLogger, HttpOptions, RequestMetrics } from "./options.ts";

/** How uWebSockets.js is told whether others may listen on the same port. */
const [SHARED, EXCLUSIVE] = [0, 1];

/** Request headers that a page of an allowed origin may send. */
const corsHeaders = "Accept, Content-Type, Luna-Request-Id, Agent-Id";

/**
 * The HTTP server (contract, section 1) over uWebSockets.js, which ends the process when a callback throws or a request is
 * left without an answer or an abort handler: so every request of every route comes through the one wrapper here.
 *
 * Checks run in the contract's order: host, route, verb, who asks, body size, content type, JSON, body, query, and then the handler.
 * Not of its making, because uWebSockets.js closes the connection there, the newer binding with a 400, 431 or 505 of its own:
 * requests without Host, in HTTP/1.0, with a verb that is not HTTP's, with a target that is no path (`*`, a whole URL), with a
 * head above 4,096 bytes that comes in pieces, or sent before the answer to the one before.
 */
export class HttpServer extends RunningPart {
	readonly name = "http server";
	readonly #options: HttpOptions;
	readonly #router: Router;
	readonly #hosts: HostRule;
	readonly #origins: ReadonlySet<string>;
	/** Requests without their whole answer. */
	readonly #underWay = new Set<Exchange>();
	readonly #slow: SlowBodies;
	#uws: UwsBinding | undefined;
	#app: App | undefined;
	#socket: ListenSocket | undefined;
	#port = 0;
	#stopping = false;
	#idle: () => void = () => undefined;
	readonly #owner: ExchangeOwner = {
		finished: (exchange) => this.#finished(exchange),
		holdAnswer: ({ peer }, bytes) => this.#options.limits?.holdAnswer(peer, bytes) ?? true,
		failed: (exchange, error) =>
			this.#options.logger.error({ err: error, request_id: exchange.requestId }, "a request failed on its way out"),
	};

	constructor(options: HttpOptions, routes: readonly Route[]) {
		super();
		this.#options = options;
		this.#slow = new SlowBodies(options.clock);
		this.#router = new Router(routes, options.prefix);
		this.#hosts = new HostRule(options.host, options.allowedHosts);
		this.#origins = new Set(options.corsOrigins ?? []);
	}

	/** The port that is listened on; 0 before the first start. */
	get port(): number {
		return this.#port;
	}

	/** How many requests wait for their answer or are being answered. */
	get requestsUnderWay(): number {
		return this.#underWay.size;
	}

	protected override async onStart(): Promise<void> {
		const { host, port, sharePort = false, prefix, logger, attach } = this.#options;
		const uws = loadUws();
		this.#uws = uws;
		this.#stopping = false;
		const app = uws.createApp();
		this.#app = app;
		attach?.(app, prefix === "" ? [""] : ["", prefix]);
		app.any("/*", (response, request) => this.#receive(response, request));
		const socket = await new Promise<ListenSocket | false>((resolve) =>
			app.listen(host, port, sharePort ? SHARED : EXCLUSIVE, resolve),
		);
		if (socket === false)
			throw new Error(`cannot listen on ${host} port ${port}: it is taken, or not an address of this machine`);
		this.#socket = socket;
		this.#port = uws.localPort(socket);
		logger.info({ host, port: this.#port, binding: uws.source }, "listening");
	}

	/**
	 * No new connection is taken; requests under way get their answers, streaming ones end where they are; then, or at the
	 * deadline, every connection is closed.
	 */
	protected override async onStop(): Promise<void> {
		this.#stopping = true;
		if (this.#socket !== undefined) this.#uws?.closeListenSocket(this.#socket);
		this.#socket = undefined;
		for (const exchange of [...this.#underWay]) {
			exchange.closeAfter();
			exchange.cut();
		}
		await this.#settled(this.#options.stopDeadline ?? 10_000);
		for (const exchange of [...this.#underWay]) exchange.destroy();
		this.#slow.stop();
		this.#app?.close();
		this.#app = undefined;
	}

	async #settled(deadline: number): Promise<void> {
		if (this.#underWay.size > 0) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, deadline);
				this.#idle = () => {
					clearTimeout(timer);
					resolve();
				};
			});
			this.#idle = () => undefined;
		}
		const { logger } = this.#options;
		if (this.#underWay.size > 0) logger.warn({ requests: this.#underWay.size }, "closed with requests unanswered");
		// What was written in this turn leaves at its end, before the connections are closed.
		await new Promise<void>((resolve) => setImmediate(resolve));
	}

	#receive(response: HttpResponse, request: HttpRequest): void {
		const exchange = this.#exchange(response, request);
		try {
			const match = this.#admit(exchange, request);
			if (match === undefined) return;
			const route = match.path.routes.get(exchange.method);
			if (route === undefined) return;
			if (route.headers !== undefined) exchange.headers = headersOf(request, route.headers);
			if (route.audit !== undefined) exchange.follow(route.audit, this.#options.audit ?? null);
			const known = lastOfItsTurn(exchange, this.#identify(exchange, route, request));
			if (route.body !== undefined) this.#read(exchange, route, response, request, known);
			else if (known === undefined) this.#run(exchange, route);
			else {
				exchange.watch();
				known.then(() => this.#run(exchange, route)).catch((error: unknown) => this.#fail(exchange, error));
			}
		} catch (error) {
			// What was sent with it by somebody who comes too often is not even looked at.
			if (error instanceof Fault && error.code === 39904 && !exchange.chunked && isBodiless(request))
				exchange.closeAfter();
			// A fault of the checks above, or a handler that threw at once: either becomes the answer.
			soon(exchange, () => this.#fail(exchange, error));
		}
	}

	#exchange(response: HttpResponse, request: HttpRequest): Exchange {
		const { clock, peers } = this.#options;
		const origin = this.#origins.size === 0 ? "" : request.getHeader("origin");
		const head = {
			method: request.getMethod().toUpperCase(),
			path: request.getUrl(),
			query: request.getQuery() ?? "",
			requestId: givenId(request.getHeader("luna-request-id")),
			second: Math.floor(clock.wall() / 1_000),
			accept: request.getHeader("accept"),
			origin: this.#origins.has(origin) ? origin : "",
			startedAt: clock.monotonic(),
		};
		const peer = peers.of(response.getRemoteAddress(), () => everyLine(request, "x-forwarded-for"));
		const exchange = new Exchange(response, head, peer, this.#owner);
		exchange.chunked = request.getHeader("transfer-encoding") !== "";
		this.#underWay.add(exchange);
		return exchange;
	}

	/** Checks host, route and verb. Undefined when the answer is given already. */
	#admit(exchange: Exchange, request: HttpRequest): Match | undefined {
		if (this.#stopping) {
			exchange.closeAfter();
			throw new Fault(39905, { part: "server" });
		}
		this.#enter(exchange);
		this.#hosts.check(request.getHeader("host"));
		const { method, path } = exchange.head;
		const match = this.#router.match(path);
		if (match === undefined) {
			this.#countStranger(exchange);
			throw new Fault(12013);
		}
		exchange.route = match.path.pattern;
		exchange.parameters = match.parameters;
		exchange.prefix = match.prefix;
		if (method === "OPTIONS") {
			this.#countStranger(exchange);
			const headers = this.#optionsHeaders(exchange, match.path.allow);
			soon(exchange, () => exchange.answer({ kind: "empty", headers }));
			return undefined;
		}
		const verb = verbOf(method);
		if (verb === undefined || !match.path.routes.has(verb)) {
			this.#countStranger(exchange);
			soon(exchange, () => this.#refuse(exchange, new Fault(12021), { Allow: match.path.allow }));
			return undefined;
		}
		exchange.method = verb;
		return match;
	}

	/** Where nobody is asked who it is, its address is all that a client is known by. */
	#enter(exchange: Exchange): void {
		const { limits, access } = this.#options;
		if (limits === undefined) return;
		limits.enter(exchange.peer);
		exchange.entered = true;
		if (access.everybody !== null) limits.byAddress(exchange.peer);
	}

	/** Counts a request of which nothing but its address will be known, where others are known by what they show. */
	#countStranger({ peer }: Exchange): void {
		if (this.#options.access.everybody === null) this.#options.limits?.byAddress(peer);
	}

	#optionsHeaders(exchange: Exchange, allow: string): Record<string, string> {
		if (exchange.head.origin === "") return { Allow: allow };
		return {
			Allow: allow,
			"Access-Control-Allow-Methods": allow,
			"Access-Control-Allow-Headers": corsHeaders,
			"Access-Control-Max-Age": "600",
		};
	}

	/** Finds out who asks, and whether they may. Undefined when that is known at once. */
	#identify(exchange: Exchange, { access, lasts }: Route, request: HttpRequest): Promise<void> | undefined {
		const { everybody } = this.#options.access;
		if (everybody !== null) {
			exchange.caller = everybody;
			return undefined;
		}
		if (access === "public") {
			this.#countStranger(exchange);
			return undefined;
		}
		const credentials = {
			authorization: request.getHeader("authorization"),
			cookie: request.getHeader("cookie"),
			origin: request.getHeader("origin"),
			host: request.getHeader("host"),
			peer: exchange.peer,
			changes: exchange.method !== "GET",
		};
		if (lasts !== undefined) exchange.credentials = credentials;
		const caller = this.#callerOf(exchange, credentials);
		const admit = (known: Caller) => {
			exchange.caller = known;
			this.#options.limits?.byCaller(known);
			permit(known, access);
		};
		if (caller instanceof Promise) return caller.then(admit);
		admit(caller);
		return undefined;
	}

	/** Who does not say who it is, or says what is not true, is known by its address alone. */
	#callerOf(exchange: Exchange, credentials: Credentials): Caller | Promise<Caller> {
		const refuse = (error: unknown): never => {
			this.#countStranger(exchange);
			throw error;
		};
		try {
			const caller = this.#options.access.authenticate(credentials);
			return caller instanceof Promise ? caller.catch(refuse) : caller;
		} catch (error) {
			// Counted, and then what it was.
			return refuse(error);
		}
	}

	/**
	 * The body is read while it is found out who sends it: what came before that would be lost otherwise. Nothing of it is parsed
	 * before that, and who may not send it need not send it all.
	 */
	#read(
		exchange: Exchange,
		route: Route,
		response: HttpResponse,
		request: HttpRequest,
		known: Promise<void> | undefined,
	): void {
		const { limits, requestMaxSize } = this.#options;
		const { maxBody = Number.POSITIVE_INFINITY } = route;
		const json = isJson(request.getHeader("content-type"));
		const contentLength = request.getHeader("content-length");
		exchange.watch();
		const limit = Math.min(maxBody, requestMaxSize);
		const incoming = new IncomingBody(exchange.peer, limit, limits, exchange.chunked);
		exchange.incoming = incoming;
		if (known !== undefined) incoming.hold();
		this.#slow.add(exchange);
		incoming.read(response, contentLength, (bytes) => this.#use(exchange, route, json, bytes));
		known?.then(() => incoming.open()).catch((error: unknown) => this.#fail(exchange, error));
	}

	#use(exchange: Exchange, route: Route, json: boolean, bytes: Buffer | Fault): void {
		this.#slow.delete(exchange);
		if (exchange.aborted) return;
		try {
			const body = bytes instanceof Fault ? bytes : parseBody(bytes, json);
			if (body instanceof Fault) throw body;
			exchange.body = route.body?.read(body.value);
			this.#run(exchange, route);
		} catch (error) {
			// As in `#receive`: whatever is wrong becomes the answer.
			this.#fail(exchange, error);
		}
	}

	#run(exchange: Exchange, route: Route): void {
		if (exchange.aborted) return;
		exchange.query = route.query?.read(exchange.head.query);
		if (route.audit !== undefined) this.#options.audit?.admit();
		exchange.handled = true;
		this.#keep(exchange, route);
		const handled = route.handle(exchange);
		const recorded = route.audit === undefined ? handled : this.#recorded(exchange, handled);
		const reply = exchange.kept === undefined ? recorded : confirmed(exchange, exchange.kept, recorded);
		if (!(reply instanceof Promise)) {
			exchange.answer(reply);
			return;
		}
		exchange.watch();
		reply.then((answer) => exchange.answer(answer)).catch((error: unknown) => this.#fail(exchange, error));
	}

	#keep(exchange: Exchange, route: Route): void {
		const { credentials, caller } = exchange;
		if (credentials === null || route.lasts === undefined) return;
		exchange.kept = this.#options.standing?.keep({
			credentials,
			caller,
			holds: () => route.lasts?.(exchange) ?? Promise.resolve(),
			lost: (why) => exchange.lose(why),
		});
	}

	/** The answer, when the record of what was done is kept. */
	async #recorded(exchange: Exchange, handled: Reply | Promise<Reply>): Promise<Reply> {
		const reply = await handled;
		await exchange.endTrail()?.carriedOut(statusOf(reply));
		return reply;
	}

	/** Answers with an error. Does not throw: it is the last that stands between a request and the end of the process. */
	#fail(exchange: Exchange, thrown: unknown): void {
		const fault = toFault(thrown);
		exchange.cause = fault.cause;
		try {
			if (fault.code === 1) {
				const members = { err: fault.cause, route: exchange.route, request_id: exchange.requestId };
				this.#options.logger.error(members, "a request failed");
			}
			if (exchange.answered) exchange.destroy();
			else this.#refuse(exchange, fault);
		} catch (error) {
			// Not even the error can be told: the client is let go.
			this.#options.logger.error({ err: error, request_id: exchange.requestId }, "a request could not be answered");
			exchange.destroy();
		}
	}

	#refuse(exchange: Exchange, fault: Fault, more: Record<string, string> = {}): void {
		const { status, body, headers } = errorAnswer(fault);
		exchange.errorCode = fault.code;
		// Too many of them are not remembered one by one.
		if (fault.code !== 39904) exchange.endTrail()?.refused(status, fault.code);
		const reply: Reply = { kind: "value", value: body, status, headers: { ...headers, ...more } };
		exchange.answer(reply);
	}

	#tell(metrics: RequestMetrics): void {
		try {
			this.#options.onRequest?.(metrics);
		} catch (error) {
			// The request is answered; that it was not counted is nothing its client must know.
			this.#options.logger.error({ err: error, request_id: metrics.requestId }, "a request was not counted");
		}
	}

	#finished(exchange: Exchange): void {
		this.#underWay.delete(exchange);
		exchange.kept?.leave();
		if (exchange.incoming !== undefined) {
			this.#slow.delete(exchange);
			exchange.incoming.drop();
		}
		if (exchange.heldAnswer > 0) this.#options.limits?.releaseAnswer(exchange.peer, exchange.heldAnswer);
		if (exchange.entered) this.#options.limits?.leave(exchange.peer);
		const { method, startedAt } = exchange.head;
		const { route, status, requestId, errorCode } = exchange;
		const seconds = (this.#options.clock.monotonic() - startedAt) / 1000;
		this.#log(exchange, seconds);
		if (status !== 0) this.#tell({ method, route, status, seconds, requestId, errorCode });
		if (this.#underWay.size === 0) this.#idle();
	}

	/** A line for each request at the level debug, and for what is our fault at the level info. */
	#log(exchange: Exchange, seconds: number): void {
		const { logger } = this.#options;
		const ours = exchange.status >= 500 && !exchange.aborted;
		if (!ours && logger.isLevelEnabled?.("debug") === false) return;
		const { route, status, requestId, errorCode } = exchange;
		const line: Record<string, unknown> = {
			method: exchange.head.method,
			route,
			status,
			ms: Math.round(seconds * 1e6) / 1e3,
			request_id: requestId,
		};
		if (errorCode !== 0) line["error_code"] = errorCode;
		if (status >= 500 && errorCode !== 1 && exchange.cause !== undefined) line["err"] = exchange.cause;
		if (ours) logger.info(line, "request");
		else logger.debug(line, exchange.aborted ? "request, client gone" : "request");
	}
}

/** The answer, when its caller may still have it; what it gave away is taken back otherwise. */
async function confirmed(exchange: Exchange, kept: Kept, handled: Reply | Promise<Reply>): Promise<Reply> {
	let reply: Reply | undefined;
	try {
		reply = await handled;
		if (exchange.lost === undefined) await kept.confirm();
	} catch (error) {
		reply?.onUnsent?.();
		throw exchange.lost ?? error;
	}
	if (exchange.lost === undefined) return reply;
	reply.onUnsent?.();
	throw exchange.lost;
}

/**
 * Gives the answer now; to a request in chunks in the next turn, when its connection has been closed if another request came right
 * behind it. The binding does not look at what ends a chunk, so a proxy in front may have taken that other one for a part of the body.
 * For the same reason its connection is closed after the answer, and its body, whenever it ends, is used in the turn after that.
 */
function soon(exchange: Exchange, answer: () => void): void {
	if (exchange.chunked) {
		exchange.watch();
		setImmediate(answer);
	} else answer();
}

/** The same for what comes before the answer. */
function lastOfItsTurn(exchange: Exchange, known: Promise<void> | undefined): Promise<void> | undefined {
	if (!exchange.chunked) return known;
	const turn = new Promise<void>((resolve) => void setImmediate(resolve));
	return known === undefined ? turn : Promise.all([known, turn]).then(() => undefined);
}

/** Nothing of it is still to come, which would meet a closed connection, and the answer would be lost. */
function isBodiless(request: HttpRequest): boolean {
	const length = request.getHeader("content-length");
	return length === "" || length === "0";
}

function headersOf(request: HttpRequest, names: readonly string[]): Record<string, string> {
	return Object.fromEntries(names.map((name) => [name, headerOf(request, name)]));
}

/**
 * A header's value, "" when it is absent. The binding gives "" also for a value that is empty or holds bytes beyond ASCII:
 * these come out as U+FFFD, so that nobody takes them for a header that was left out.
 */
function headerOf(request: HttpRequest, name: string): string {
	const value = request.getHeader(name);
	if (value !== "") return value;
	let given = false;
	request.forEach((each) => {
		if (each === name) given = true;
	});
	return given ? "\ufffd" : "";
}

/** The verb that serves a method: HEAD is a GET without its body. */
function verbOf(method: string): Method | undefined {
	switch (method) {
		case "GET":
		case "POST":
		case "PUT":
		case "PATCH":
		case "DELETE":
			return method;
		case "HEAD":
			return "GET";
		default:
			return undefined;
	}
}

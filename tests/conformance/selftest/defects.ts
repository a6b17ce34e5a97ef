import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

export interface ProxiedRequest {
	method: string;
	/** With its query. */
	path: string;
	headers: IncomingHttpHeaders;
	body: Buffer;
}

export interface ProxiedAnswer {
	status: number;
	headers: OutgoingHttpHeaders;
	body: Buffer;
}

/** Something that a service might do wrong, and the file of the suite that has to notice. */
export interface Defect {
	name: string;
	file: string;
	/** Enough to show that the suite notices; the others are tried by `npm run conformance:selftest`. */
	quick: boolean;
	/** What becomes of a request before the service gets it; an answer is given in the service's place. */
	ask?(request: ProxiedRequest): ProxiedRequest | ProxiedAnswer;
	/** What becomes of an answer. */
	answer?(answer: ProxiedAnswer, request: ProxiedRequest): ProxiedAnswer;
}

type Json = Record<string, unknown>;

/** Changes the JSON of the answers that `concerns` picks. */
function rewrite(
	concerns: (request: ProxiedRequest, answer: ProxiedAnswer) => boolean,
	change: (body: Json) => unknown,
	status?: number,
): NonNullable<Defect["answer"]> {
	return (answer, request) => {
		if (!concerns(request, answer) || answer.body.length === 0) return answer;
		if (!String(answer.headers["content-type"]).startsWith("application/json")) return answer;
		const body = Buffer.from(JSON.stringify(change(JSON.parse(answer.body.toString()))));
		const headers = { ...answer.headers, "content-length": body.length };
		return { status: status ?? answer.status, headers, body };
	};
}

function without(headers: OutgoingHttpHeaders, name: string): OutgoingHttpHeaders {
	const { [name]: _, ...rest } = headers;
	return rest;
}

const is =
	(method: string, path: RegExp) =>
	(request: ProxiedRequest): boolean =>
		request.method === method && path.test(request.path);
const list = (body: Json, name: string) => body[name] as Json[];
const replay = { streams: [] as Json[] };

export const defects: readonly Defect[] = [
	{
		name: "created-is-200",
		file: "streams",
		quick: true,
		answer: (answer) => (answer.status === 201 ? { ...answer, status: 200 } : answer),
	},
	{
		name: "no-request-id-on-errors",
		file: "groups",
		quick: true,
		answer: (answer) =>
			answer.status === 404 ? { ...answer, headers: without(answer.headers, "luna-request-id") } : answer,
	},
	{
		name: "bad-request-for-not-found",
		file: "groups",
		quick: false,
		answer: (answer) => (answer.status === 404 ? { ...answer, status: 400 } : answer),
	},
	{
		name: "a-record-is-lost",
		file: "logs",
		quick: false,
		answer: rewrite(is("GET", /^\/1\/streams\/logs/), (body) => ({ logs: list(body, "logs").slice(1) })),
	},
	{
		name: "oldest-last",
		file: "filters",
		quick: false,
		answer: rewrite(is("GET", /^\/1\/streams\?/), (body) => ({ streams: list(body, "streams").reverse() })),
	},
	{
		name: "all-feedback-is-modified",
		file: "feedback",
		quick: false,
		answer: rewrite(is("POST", /feedback/), (body) => {
			const { modified, unmodified } = body["streams"] as Record<string, Json[]>;
			return { streams: { modified: [...(modified ?? []), ...(unmodified ?? [])], unmodified: [] } };
		}),
	},
	{
		name: "one-member-more",
		file: "golden",
		quick: false,
		answer: rewrite(is("GET", /^\/1\/streams\/[0-9a-f-]{36}$/), (body) => ({ ...body, revision: 1 })),
	},
	{
		name: "one-word-of-an-error",
		file: "golden",
		quick: true,
		answer: rewrite(
			(_, { status }) => status === 409,
			(body) => ({ ...body, detail: String(body["detail"]).replace("already", "still") }),
		),
	},
	{
		name: "no-allow",
		file: "http",
		quick: false,
		answer: (answer) => (answer.status === 405 ? { ...answer, headers: without(answer.headers, "allow") } : answer),
	},
	{
		name: "body-before-query",
		file: "http",
		quick: false,
		ask(request) {
			if (request.method !== "PATCH" || request.body.toString() !== "{}") return request;
			return { ...request, body: Buffer.from('{"description":""}') };
		},
	},
	{
		name: "statuses-are-ignored",
		file: "filters",
		quick: false,
		ask: (request) => ({ ...request, path: request.path.replace(/[?&]statuses=[^&]*/, "") }),
	},
	{
		name: "taken-twice",
		file: "queue",
		quick: false,
		answer: rewrite(is("POST", /queue/), (body) => {
			const streams = list(body, "streams");
			if (streams.length > 0) replay.streams = streams;
			return replay;
		}),
	},
	{
		name: "a-limit-is-one-less",
		file: "limits",
		quick: false,
		ask(request) {
			if (request.method !== "POST" || request.path !== "/1/streams") return request;
			const text = request.body.toString().replace(/x{512}/, "x".repeat(511));
			return { ...request, body: Buffer.from(text) };
		},
	},
	{
		name: "patched-but-not-changed",
		file: "streams",
		quick: false,
		ask: (request) =>
			request.method === "PATCH" && request.body.includes('"pause"')
				? { ...request, body: Buffer.from(request.body.toString().replace('"pause"', '"cancel"')) }
				: request,
	},
	{
		name: "a-secret-is-shown",
		file: "service",
		quick: false,
		answer: rewrite(is("GET", /^\/config/), (body) => ({
			...body,
			INFLUX_MONITORING: { ...(body["INFLUX_MONITORING"] as Json), TOKEN: "token" },
		})),
	},
	{
		name: "no-nosniff",
		file: "previews",
		quick: false,
		answer: (answer) => ({ ...answer, headers: without(answer.headers, "x-content-type-options") }),
	},
	{
		name: "pause-of-a-videofile",
		file: "lifecycle",
		quick: false,
		answer: rewrite(
			(_, { body }) => body.includes("39003"),
			(body) => ({ ...body, error_code: 39004 }),
		),
	},
];

import { Fault } from "../../persistence/fault.ts";
import { allowedTo } from "../access/actions.ts";
import { anonymous, type Caller } from "../access/caller.ts";
import { isOwnOrigin, sessionCookie, sessionIn } from "../access/cookies.ts";
import type { Sessions } from "../access/sessions.ts";
import { queryCheck } from "../http/query.ts";
import { type Request, type Route, route } from "../http/route.ts";
import { bodyCheck } from "../http/validation.ts";
import { login, logoutQuery, me } from "../schemas/session.ts";

const tag = "access";

/** `/console/login`, `/console/logout`, `/console/me`. `sessions` is null with MODE none: everybody is let in as they are. */
export function sessionRoutes(sessions: Sessions | null): Route[] {
	const mode = sessions === null ? "none" : "tokens";
	const shown = (caller: Caller) => {
		const { name, role, accounts, groups } = caller;
		return { name, role, mode, accounts, groups, may: allowedTo(caller) };
	};
	return [
		route({
			method: "POST",
			pattern: "/console/login",
			access: "public",
			audit: "login",
			tag,
			summary: "Log a browser in",
			description: "Opens a session and gives its cookie. With AUTH.MODE none there is nothing to open.",
			body: bodyCheck(login),
			// Anybody may send one.
			maxBody: 16_384,
			headers: ["origin", "host", "x-forwarded-proto"],
			answers: [
				{
					status: 200,
					description: "Who is logged in.",
					schema: me,
					headers: { "Set-Cookie": "The session, which no script can read." },
				},
			],
			faults: [12022, 39902],
			async handle(request) {
				requireOwnPage(request);
				if (sessions === null) {
					request.trail.nothing();
					return { kind: "value", value: shown(anonymous) };
				}
				const { caller, session, lifetime } = await sessions.open(request.body.token, request.peer);
				request.trail.by(caller);
				const headers = { ...noStore, "Set-Cookie": sessionCookie(session, lifetime, isSecure(request)) };
				return { kind: "value", value: shown(caller), headers };
			},
		}),
		route({
			method: "POST",
			pattern: "/console/logout",
			access: "public",
			audit: "logout",
			tag,
			summary: "Log a browser out",
			query: queryCheck(logoutQuery),
			headers: ["origin", "host", "cookie", "x-forwarded-proto"],
			answers: [
				{
					status: 204,
					description: "The session is closed, if there was one.",
					headers: { "Set-Cookie": "Takes the session away." },
				},
			],
			faults: [12012],
			async handle(request) {
				requireOwnPage(request);
				const everywhere = request.query.everywhere === 1;
				const session = sessionIn(request.header("cookie"));
				const holder = await sessions?.close(session, everywhere, request.peer);
				if (holder) request.trail.by(holder);
				else request.trail.nothing();
				if (everywhere) request.trail.details = { everywhere: "1" };
				return { kind: "empty", headers: { ...noStore, "Set-Cookie": sessionCookie("", 0, isSecure(request)) } };
			},
		}),
		route({
			method: "GET",
			pattern: "/console/me",
			access: "look",
			tag,
			summary: "Who asks",
			answers: [{ status: 200, description: "Who asks, and what it may do.", schema: me }],
			faults: [],
			handle: ({ caller }) => ({ kind: "value", value: shown(caller), headers: noStore }),
		}),
	];
}

const noStore = { "Cache-Control": "no-store" };

/** A browser's page of another origin must not log anybody in or out; a client that is no browser sends no Origin. */
function requireOwnPage(request: Pick<Request, "header">): void {
	const origin = request.header("origin");
	if (origin === "" || isOwnOrigin(origin, request.header("host"))) return;
	throw new Fault(39903, { reason: "A page of another origin sent this request" });
}

function isSecure(request: Pick<Request, "header">): boolean {
	return request.header("x-forwarded-proto").toLowerCase() === "https";
}

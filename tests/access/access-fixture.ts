import { newToken } from "../../server/access/secret-text.ts";
import { type RunningService, startService } from "../main-job/service-fixture.ts";

/** A token as a test wants it. */
export interface WantedToken {
	name?: string;
	role?: "viewer" | "operator" | "agent" | "admin";
	accounts?: string[] | null;
	groups?: string[] | null;
	expire_time?: string | null;
}

/** What came back: status, JSON (or text), and headers. */
export interface Answered {
	status: number;
	// What the test knows of its form is the test's business.
	// biome-ignore lint/suspicious/noExplicitAny: answers of every route
	body: any;
	headers: Headers;
}

/** A service with access control, and its first administrator's token. */
export interface GuardedService extends AsyncDisposable {
	service: RunningService;
	admin: string;
	/** Asks with a token; "" for none. */
	ask(token: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
	/** Makes a token over the API. */
	token(wanted: WantedToken): Promise<{ token: string; token_id: string }>;
}

/** Starts a service with AUTH.MODE tokens. The first token is put into its database, as the command line does. */
export async function startGuarded(env: Record<string, string> = {}): Promise<GuardedService> {
	const service = await startService({ AUTH__MODE: "tokens", ...env });
	const first = newToken();
	await service.sql`
		INSERT INTO tokens (token_id, prefix, hash, name, role, create_time)
		VALUES (gen_random_uuid(), ${first.prefix}, ${first.hash}, 'first', 'admin', now())`;
	const ask: GuardedService["ask"] = async (token, method, path, body, headers = {}) => {
		const answer = await fetch(service.url + path, {
			method,
			redirect: "manual",
			headers: {
				...(token === "" ? {} : { Authorization: `Bearer ${token}` }),
				...(body === undefined ? {} : { "Content-Type": "application/json" }),
				...headers,
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await answer.text();
		const json = answer.headers.get("content-type")?.startsWith("application/json") && text !== "";
		return { status: answer.status, body: json ? JSON.parse(text) : text, headers: answer.headers };
	};
	return {
		service,
		admin: first.text,
		ask,
		async token(wanted) {
			const made = await ask(first.text, "POST", "/console/tokens", { name: "made", role: "viewer", ...wanted });
			if (made.status !== 201) throw new Error(`no token: ${JSON.stringify(made.body)}`);
			return made.body;
		},
		[Symbol.asyncDispose]: () => service.stop(),
	};
}

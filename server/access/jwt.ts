import { createRemoteJWKSet, customFetch, decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import type { Clock } from "../../actors/clock.ts";
import { Fault, unavailable } from "../../persistence/fault.ts";
import { isClean } from "../schemas/text.ts";
import { type Caller, ROLES, type Role } from "./caller.ts";
import { keyFetch } from "./key-fetch.ts";

/** How tokens of a provider of identities are checked and read (section AUTH.JWT of the settings). */
export interface JwtOptions {
	jwksUrl: string;
	issuer: string;
	audience: string;
	nameClaim: string;
	roleClaim: string;
	rolePrefix: string;
	/** "": tokens are not restricted by it. */
	accountsClaim: string;
	groupsClaim: string;
	clock: Clock;
}

/** Keys that can sign without being shared with us: whoever knows a public key cannot make a token. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
/** Seconds by which the clocks of the provider and of this machine may differ. */
const TOLERANCE = 5;
const FETCH_TIMEOUT = 3_000;
/** Most powerful first. */
const byPower: readonly Role[] = ["admin", "operator", "agent", "viewer"];

/** Somebody whom a JWT names, and how long it is good for. */
export interface Verified {
	caller: Caller;
	/** Seconds. */
	expires_in: number;
}

/**
 * Checks JWTs against the keys that a provider publishes. The keys are fetched when they are needed, kept for ten minutes,
 * and asked for again when a token names another, at most twice a minute after they were had, and every five seconds while
 * they cannot be had.
 */
export class JwtVerifier {
	readonly #options: JwtOptions;
	readonly #keys: ReturnType<typeof createRemoteJWKSet>;

	constructor(options: JwtOptions) {
		this.#options = options;
		this.#keys = createRemoteJWKSet(new URL(options.jwksUrl), {
			timeoutDuration: FETCH_TIMEOUT,
			[customFetch]: keyFetch(options.clock),
		});
	}

	/** Throws 39902 for a token that is not good, 39903 for one that names no role here, 39905 when the keys cannot be had. */
	async verify(token: string): Promise<Verified> {
		const { issuer, audience } = this.#options;
		let payload: JWTPayload;
		try {
			// Without the keys as well: that they cannot be had keeps nobody in whose time is over.
			const { exp = Number.POSITIVE_INFINITY } = decodeJwt(token);
			if (exp + TOLERANCE <= Math.floor(Date.now() / 1000)) throw expired();
			const requiredClaims = ["exp", "sub"];
			const checks = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: TOLERANCE, requiredClaims };
			({ payload } = await jwtVerify(token, this.#keys, checks));
		} catch (error) {
			throw refusal(error);
		}
		return { caller: this.#callerOf(payload), expires_in: (payload.exp ?? 0) - Date.now() / 1000 };
	}

	#callerOf(payload: JWTPayload): Caller {
		const { nameClaim, roleClaim, rolePrefix, accountsClaim, groupsClaim } = this.#options;
		// Those without one of their own would be one and the same.
		const [subject] = textsOf([payload.sub]);
		if (subject === undefined) throw new Fault(39902, { reason: "the token is not valid" });
		const [name = subject] = textsOf([claimOf(payload, nameClaim)]);
		const named = textsOf(claimOf(payload, roleClaim))
			.filter((each) => each.startsWith(rolePrefix))
			.map((each) => each.slice(rolePrefix.length));
		const role = byPower.find((each) => named.includes(each));
		if (role === undefined) throw new Fault(39903, { reason: `The token names none of the roles ${ROLES.join(", ")}` });
		return {
			id: `jwt ${subject}`.slice(0, 256),
			name: name.slice(0, 128),
			role,
			tokenPrefix: null,
			// Restricted by a claim that is absent: to nothing.
			accounts:
				accountsClaim === "" ? null : textsOf(claimOf(payload, accountsClaim)).filter((each) => uuid.test(each)),
			groups: groupsClaim === "" ? null : textsOf(claimOf(payload, groupsClaim)),
		};
	}
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MOST_TEXTS = 1_000;

/** A claim by its name, which may lead into objects: `realm_access.roles`. A name with dots of its own is found as it is. */
function claimOf(payload: JWTPayload, name: string): unknown {
	if (Object.hasOwn(payload, name)) return payload[name];
	let value: unknown = payload;
	for (const part of name.split(".")) {
		if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
		value = new Map<string, unknown>(Object.entries(value)).get(part);
	}
	return value;
}

/**
 * A text or a list of texts; a single text may hold several, with blanks between them, as `scope` does. Texts that the database
 * cannot keep name nothing here.
 */
function textsOf(claim: unknown): string[] {
	const list: unknown[] = Array.isArray(claim) ? claim : typeof claim === "string" ? claim.split(" ") : [];
	return list
		.filter((each): each is string => typeof each === "string" && each !== "" && isClean(each))
		.slice(0, MOST_TEXTS);
}

function expired(): Fault {
	return new Fault(39902, { reason: "the token has expired" });
}

function refusal(error: unknown): Fault {
	if (error instanceof Fault) return error;
	if (error instanceof errors.JWTExpired) return expired();
	const ours =
		error instanceof errors.JOSEError &&
		!(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === "ERR_JOSE_GENERIC");
	// Which check failed is nothing that a forger should be told.
	return ours ? new Fault(39902, { reason: "the token is not valid" }) : unavailable("identity provider", error);
}

import { createHash, randomBytes } from "node:crypto";

/** How many of a token's first characters are no secret, and tell it from others. */
const PREFIX = 16;
const tokenForm = /^perigee_[A-Za-z0-9_-]{51}$/;
const sessionForm = /^[A-Za-z0-9_-]{43}$/;
const jwtForm = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** A new token: what is shown once, and what is kept of it. */
export interface NewToken {
	/** `perigee_`, eight characters to know it by, and 256 random bits. */
	text: string;
	prefix: string;
	hash: Buffer;
}

/** Makes a token. */
export function newToken(): NewToken {
	const text = `perigee_${randomBytes(6).toString("base64url")}${newSessionText()}`;
	return { text, prefix: text.slice(0, PREFIX), hash: hashOf(text) };
}

/** Makes the secret of a session: 256 random bits. */
export function newSessionText(): string {
	return randomBytes(32).toString("base64url");
}

/** What is kept and looked for instead of a secret: guessing 256 random bits needs no slow hash to be hopeless. */
export function hashOf(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}

/** What a text can be by its form. */
export function kindOf(text: string): "token" | "session" | "jwt" | null {
	if (tokenForm.test(text)) return "token";
	if (sessionForm.test(text)) return "session";
	return text.length <= 4096 && jwtForm.test(text) ? "jwt" : null;
}

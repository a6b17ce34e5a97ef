import { randomBytes } from "node:crypto";
import { expect } from "vitest";

/** Something that must not be seen, and where it came out. */
export interface Leak {
	secret: string;
	where: string;
	around: string;
}

/** Secrets that are planted, each under a name, and all that came out of the service. */
export class Planted {
	readonly #secrets = new Map<string, string>();
	readonly #seen: { where: string; text: string }[] = [];

	/** A new secret of 24 letters and digits: no encoding of text changes them. */
	plant(name: string): string {
		return this.know(name, `S${randomBytes(12).toString("hex")}`.slice(0, 24));
	}

	/** A secret that somebody else made. */
	know(name: string, secret: string): string {
		this.#secrets.set(name, secret);
		return secret;
	}

	/** Something that came out. */
	saw(where: string, text: string | Uint8Array): void {
		this.#seen.push({ where, text: typeof text === "string" ? text : Buffer.from(text).toString("latin1") });
	}

	/** How many characters came out at places whose name begins so. */
	amount(where: string): number {
		return this.#seen.reduce((sum, each) => sum + (each.where.startsWith(where) ? each.text.length : 0), 0);
	}

	/** Where any secret can be read: as it is, in base64 (as Basic credentials have it), or in hexadecimal. */
	leaks(): Leak[] {
		const forms = [...this.#secrets].flatMap(([name, secret]) =>
			[secret, ...base64Forms(secret), Buffer.from(secret).toString("hex")].map((form) => ({ name, form })),
		);
		return this.#seen.flatMap(({ where, text }) =>
			forms.flatMap(({ name, form }) => {
				const at = text.indexOf(form);
				return at < 0 ? [] : [{ secret: name, where, around: text.slice(Math.max(0, at - 120), at + 12) }];
			}),
		);
	}

	expectNone(): void {
		expect(this.leaks()).toEqual([]);
	}
}

/** What base64 makes of a text in the middle of others, for each of the three places where it can begin. */
function base64Forms(text: string): string[] {
	return [0, 1, 2].map((before) => {
		const encoded = Buffer.from("x".repeat(before) + text)
			.toString("base64")
			.replace(/=+$/, "");
		// The first and last characters hold bits of the neighbours as well.
		return encoded.slice(before === 0 ? 0 : before + 1, -2);
	});
}

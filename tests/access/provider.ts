import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

/** A provider of identities: publishes its keys and signs. */
export class Provider {
	readonly issuer = "https://identity.example";
	readonly audience = "perigee";
	/** How often its keys were fetched. */
	fetches = 0;
	/** What it does instead of publishing its keys. */
	answer: ((response: import("node:http").ServerResponse) => void) | null = null;
	readonly #server: Server;
	#keys: { kid: string; keys: Keys }[] = [];

	private constructor() {
		this.#server = createServer(async (_, response) => {
			this.fetches++;
			if (this.answer) return this.answer(response);
			const keys = await Promise.all(
				this.#keys.map(async ({ kid, keys }) => ({
					...(await exportJWK(keys.publicKey)),
					kid,
					alg: "ES256",
					use: "sig",
				})),
			);
			response.setHeader("Content-Type", "application/json");
			response.end(JSON.stringify({ keys }));
		});
	}

	static async start(): Promise<Provider> {
		const provider = new Provider();
		await provider.rotate("first");
		await new Promise<void>((resolve) => provider.#server.listen(0, "127.0.0.1", resolve));
		return provider;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/keys`;
	}

	/** Signs with a new key from now on. */
	async rotate(kid: string): Promise<void> {
		this.#keys.unshift({ kid, keys: await generateKeyPair("ES256") });
	}

	/** A token, good for five minutes unless the claims say otherwise. */
	async sign(claims: JWTPayload, signer?: Keys): Promise<string> {
		const [{ kid, keys }] = this.#keys as [{ kid: string; keys: Keys }];
		const now = Math.floor(Date.now() / 1000);
		return new SignJWT({ iss: this.issuer, aud: this.audience, sub: "ann", iat: now, exp: now + 300, ...claims })
			.setProtectedHeader({ alg: "ES256", kid })
			.sign((signer ?? keys).privateKey);
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}
}

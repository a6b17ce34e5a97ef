import { expect } from "vitest";
import { Fault } from "../../persistence/fault.ts";
import { defaultNetworks } from "../../server/preview/address-rules.ts";
import { PreviewRelay, type PreviewRelayOptions } from "../../server/preview/relay.ts";

/** A running relay with short times, that stops with the test. */
export class RelayUnderTest extends PreviewRelay implements AsyncDisposable {
	readonly warnings: object[];

	constructor(options: Partial<PreviewRelayOptions> = {}) {
		const warnings: object[] = [];
		super({
			cacheTtl: 1,
			timeout: 5,
			maxFrameSize: 1_048_576,
			allowedNetworks: defaultNetworks,
			logger: { warn: (fields, message) => warnings.push({ ...fields, message }) },
			...options,
		});
		this.warnings = warnings;
	}

	static async start(options: Partial<PreviewRelayOptions> = {}): Promise<RelayUnderTest> {
		const relay = new RelayUnderTest(options);
		await relay.start();
		return relay;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.stop();
		expect(this.connections).toBe(0);
	}
}

/** A signal that nobody aborts. */
export const stays = (): AbortSignal => new AbortController().signal;

/** What a promise was refused with: the fault's code and its reason. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof Fault) return `${error.code} ${error.values["reason"] ?? error.values["part"]}`;
		throw error;
	}
	return "none";
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { IncomingBody } from "../../server/http/body.ts";
import type { Peer } from "../../server/http/peers.ts";
import type { HttpResponse } from "../../server/http/uws.ts";

test("a body is read whole, however it is cut into chunks and whenever it may be used, and what is held of it is its bytes", () => {
	const sizes = fc.array(fc.oneof(fc.nat(3), fc.nat(600), fc.nat(5_000)), { minLength: 1, maxLength: 30 });
	fc.assert(
		fc.property(sizes, fc.boolean(), (lengths, later) => {
			const sent = Buffer.from(
				Array.from({ length: lengths.reduce((sum, each) => sum + each, 0) }, (_, at) => at % 251),
			);
			let give: (chunk: ArrayBuffer, isLast: boolean) => void = () => undefined;
			const response = { onData: (handler: typeof give) => (give = handler) } as unknown as HttpResponse;
			let held = 0;
			const limits = {
				holdBody: (_: Peer, bytes: number) => {
					held += bytes;
				},
				releaseBody: (_: Peer, bytes: number) => {
					held -= bytes;
				},
			};
			let whole: Buffer | null = null;
			const incoming = new IncomingBody({ address: "", counted: null }, sent.length, limits);
			if (later) incoming.hold();
			incoming.read(response, "", (body) => {
				if (body instanceof Buffer) whole = Buffer.from(body);
			});
			let at = 0;
			for (const [which, length] of lengths.entries()) {
				const isLast = which === lengths.length - 1;
				const chunk = new Uint8Array(sent.subarray(at, at + length)).buffer;
				at += length;
				give(chunk, isLast);
				// The server takes it back.
				new Uint8Array(chunk).fill(255);
				expect(held).toBe(isLast && !later ? 0 : at);
			}
			if (later) {
				expect(whole).toBeNull();
				incoming.open();
			}
			expect(held).toBe(0);
			expect(whole).toEqual(sent);
		}),
	);
});

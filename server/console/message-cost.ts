/** Bytes of a message that cost as much as a message. */
const PIECE = 2_048;

/** What a message of a page costs of its allowances: 1, and 1 more for every 2,048 bytes, since reading takes its time. */
export function messageCost(text: string): number {
	return 1 + Math.floor(Buffer.byteLength(text) / PIECE);
}

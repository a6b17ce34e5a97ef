/** Bytes of a message that cost as much as a message. */
const PIECE = 2_048;
/** Characters of an answer that cost as much as a message: what is there already is sent sooner than a message is read. */
const ANSWERED = 16_384;

/** What a message of a page costs of its allowances: 1, and 1 more for every 2,048 bytes, since reading takes its time. */
export function messageCost(text: string): number {
	return 1 + Math.floor(Buffer.byteLength(text) / PIECE);
}

/** What so many characters cost that a page is sent at once because it asks, since it may ask again and again. */
export function answerCost(characters: number): number {
	return Math.floor(characters / ANSWERED);
}

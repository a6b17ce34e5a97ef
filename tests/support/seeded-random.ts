/** Numbers in [0, 1) that follow from a seed (mulberry32): a failed random test is repeated by its seed. */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** The seed to use: that of TEST_SEED, or a new one. Print it. */
export function newSeed(): number {
	const given = process.env["TEST_SEED"];
	return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
}

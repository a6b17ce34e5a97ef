/** Items of one feedback request at the most (contract, section 6). */
const MAX_ITEMS = 10_000;

/**
 * Cuts items into requests of at most 10,000 items and `maxBytes` of JSON each. An item larger than that alone gets a
 * request of its own.
 */
export function requestParts<T>(items: readonly T[], itemOf: (one: T) => object, maxBytes: number): T[][] {
	const parts: T[][] = [];
	let part: T[] = [];
	let bytes = 0;
	for (const one of items) {
		const size = Buffer.byteLength(JSON.stringify(itemOf(one))) + 1;
		if (part.length > 0 && (part.length === MAX_ITEMS || bytes + size > maxBytes - ENVELOPE)) {
			parts.push(part);
			part = [];
			bytes = 0;
		}
		part.push(one);
		bytes += size;
	}
	if (part.length > 0) parts.push(part);
	return parts;
}

/** What stands around the items: `{"streams":[]}`. */
const ENVELOPE = 16;

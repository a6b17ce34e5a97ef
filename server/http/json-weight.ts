/** Bytes of JSON that need not be weighed: whatever is in them is parsed within some milliseconds. */
const LIGHT = 262_144;
/** Opening brackets and members of a body: 10,000 items of thirty each. */
const MOST = 300_000;
/** Commas of a body, which tell elements: a take that names 100,000 in each of its four lists has as many. */
const MOST_COMMAS = 400_000;
/** Members of one object; no body that is right has thirty. Different ones make an object that is slow to build and to check. */
const MOST_MEMBERS = 1_000;
/** Bytes of one text; none that is right has so many, and to count the letters of a long one takes its time. */
const LONGEST = LIGHT;
/** Brackets within each other; no body that is right has ten. */
const DEEPEST = 100;

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [SQUARE, SQUARE_END, CURLY, CURLY_END] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * What makes JSON cost much more than its bytes, undefined when nothing does: eight megabytes of brackets take more than a
 * second to parse and half a gigabyte, of short texts more than half a second, in which nobody else is served; to look at them
 * takes some milliseconds. Whether it is JSON at all is not looked at.
 */
export function tooHeavy(bytes: Uint8Array): string | undefined {
	if (bytes.length <= LIGHT) return undefined;
	let parts = 0;
	let commas = 0;
	let depth = 0;
	/** By depth, since the last bracket that opened there. */
	const members = new Uint32Array(DEEPEST + 1);
	for (let at = 0; at < bytes.length; at++) {
		switch (bytes[at]) {
			case QUOTE: {
				const end = endOfText(bytes, at);
				if (end - at - 1 > LONGEST) return `must not hold a text of more than ${LONGEST} bytes`;
				at = end;
				break;
			}
			case SQUARE:
			case CURLY:
				if (++depth > DEEPEST) return `must not nest deeper than ${DEEPEST} levels`;
				members[depth] = 0;
				parts++;
				break;
			case SQUARE_END:
			case CURLY_END:
				if (depth > 0) depth--;
				break;
			case COLON: {
				parts++;
				const count = (members[depth] ?? 0) + 1;
				if (count > MOST_MEMBERS) return `must not have more than ${MOST_MEMBERS} members in one object`;
				members[depth] = count;
				break;
			}
			case COMMA:
				commas++;
				break;
		}
	}
	if (parts > MOST) return `must not have more than ${MOST} objects, lists and members`;
	return commas > MOST_COMMAS
		? `must not have more than ${MOST_COMMAS} commas between elements and members`
		: undefined;
}

/** Where the text that begins here ends. */
function endOfText(bytes: Uint8Array, from: number): number {
	let at = bytes.indexOf(QUOTE, from + 1);
	while (at > 0 && isEscaped(bytes, at)) at = bytes.indexOf(QUOTE, at + 1);
	return at < 0 ? bytes.length : at;
}

/** An odd number of backslashes stands before it. */
function isEscaped(bytes: Uint8Array, at: number): boolean {
	let before = at - 1;
	while (bytes[before] === BACKSLASH) before--;
	return (at - before) % 2 === 0;
}

/** A piece of a search line between blanks. */
export interface Token {
	/** What stands before the colon; undefined for a free word. */
	readonly qualifier: string | undefined;
	/** Its values: what commas part; one for a free word. Quotes and backslashes are resolved. */
	readonly values: readonly string[];
	/** Where it begins and ends in the line. */
	readonly from: number;
	readonly to: number;
	/** Where its last value begins, a quote included: what completion replaces. */
	readonly valueFrom: number;
	/** A quote was opened and not closed. */
	readonly open: boolean;
}

/**
 * Cuts a line at its blanks. Inside double quotes a blank or comma belongs to the value, and `\"` and `\\` stand for the sign.
 *
 * @param isQualifier tells the names before a colon that are one; `rtsp://…` and `10:30` are words
 */
export function tokensOf(line: string, isQualifier: (name: string) => boolean): Token[] {
	const tokens: Token[] = [];
	let at = 0;
	while (at < line.length) {
		if (isBlank(line[at])) {
			at++;
			continue;
		}
		const token = tokenAt(line, at, isQualifier);
		tokens.push(token);
		at = token.to;
	}
	return tokens;
}

function tokenAt(line: string, from: number, isQualifier: (name: string) => boolean): Token {
	const name = /^([a-z]+):/i.exec(line.slice(from))?.[1];
	const qualifier = name !== undefined && isQualifier(name) ? name : undefined;
	let at = from + (qualifier === undefined ? 0 : qualifier.length + 1);
	let valueFrom = at;
	let value = "";
	let quoted = false;
	const values: string[] = [];
	for (; at < line.length; at++) {
		const sign = line[at] ?? "";
		if (sign === '"') {
			quoted = !quoted;
		} else if (quoted && sign === "\\" && (line[at + 1] === '"' || line[at + 1] === "\\")) {
			value += line[++at];
		} else if (!quoted && isBlank(sign)) {
			break;
		} else if (!quoted && sign === "," && qualifier !== undefined) {
			values.push(value);
			value = "";
			valueFrom = at + 1;
		} else {
			value += sign;
		}
	}
	values.push(value);
	return { qualifier, values, from, to: at, valueFrom, open: quoted };
}

function isBlank(sign: string | undefined): boolean {
	return sign !== undefined && /\s/.test(sign);
}

/** A value as it is to be written so that it is read again; quoted only where it must be. */
export function written(value: string, free: boolean): string {
	const plain = value !== "" && !/[\s",]/.test(value) && !(free && /^[a-z]+:/i.test(value));
	return plain ? value : `"${value.replace(/[\\"]/g, "\\$&")}"`;
}

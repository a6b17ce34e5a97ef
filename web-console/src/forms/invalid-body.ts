/** An answer of the service that says what was wrong. */
export interface ErrorAnswer {
	error_code: number;
	desc: string;
	detail: string;
}

/** Where on a form an error belongs: `path` is "" for the form as a whole. */
export interface PlacedError {
	path: string;
	message: string;
}

/** The error of a body that its schema refuses. */
export const INVALID_BODY = 12022;

const FORM = /^Failed to validate input json\. Path: '(.*?)', message: '(.*)'$/s;

/** What the detail of such an error says: which member was wrong, and why. */
export function failureIn(detail: string): PlacedError {
	const [, path = "", message = detail] = FORM.exec(detail) ?? [];
	return { path, message };
}

export function isErrorAnswer(value: unknown): value is ErrorAnswer {
	return typeof value === "object" && value !== null && "error_code" in value && "desc" in value && "detail" in value;
}

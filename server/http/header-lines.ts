import type { HttpRequest } from "./uws.ts";

/** The lines of a header that may come several times, in their order, as one: `getHeader` gives the first alone. */
export function everyLine(request: HttpRequest, name: string): string {
	const lines: string[] = [];
	request.forEach((each, value) => {
		if (each === name) lines.push(value);
	});
	return lines.join(",");
}

import { schemaAt } from "./form-schema.ts";
import { type ErrorAnswer, failureIn, INVALID_BODY, type PlacedError } from "./invalid-body.ts";

/** Places an error of the service at the field that it is about, in words for whoever filled the form in. */
export function placed({ error_code, desc, detail }: ErrorAnswer): PlacedError {
	if (error_code === INVALID_BODY) {
		const { path, message } = failureIn(detail);
		return fieldOf(path, message);
	}
	if (error_code === 39007)
		return { path: "group_name", message: `${detail}. Choose one that is there, or create it under Groups.` };
	if (error_code === 39002) return { path: "status", message: detail };
	return { path: "", message: detail === desc || detail === "" ? desc : `${desc}: ${detail}` };
}

/** The nearest field at or above a path: an item of a list is shown at the list. */
function fieldOf(path: string, message: string): PlacedError {
	const names = path.split(".");
	for (let length = names.length; length > 0; length--) {
		const there = names.slice(0, length).join(".");
		if (schemaAt(there) !== undefined) return { path: there, message };
	}
	return { path: "", message };
}

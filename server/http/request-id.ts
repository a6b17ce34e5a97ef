import { randomUUID } from "node:crypto";

const form = /^[0-9]{10},[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A request's id as it was given (contract, section 1); "" when it has not the form. */
export function givenId(header: string): string {
	return header.length === 47 && form.test(header) ? header : "";
}

/** The id of a request that was given none: `<unix seconds>,<uuid4>`. */
export function newId(second: number): string {
	return `${second},${randomUUID()}`;
}

import { randomUUID } from "node:crypto";

const form = /^[0-9]{10},[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The request's id (contract, section 1): the given one when it has the form, else `<unix seconds>,<uuid4>`. `wall` is in ms. */
export function requestId(given: string, wall: number): string {
	if (given.length === 47 && form.test(given)) return given;
	return `${Math.floor(wall / 1000)},${randomUUID()}`;
}

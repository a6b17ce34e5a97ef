import { Fault } from "../../persistence/fault.ts";
import { bodyCheck } from "../http/validation.ts";
import { type ClientMessage, clientMessage } from "../schemas/console/messages.ts";

const whole = bodyCheck(clientMessage);
/** By the op: held against all of them, a message of many members would cost ten times as much. */
const checks = new Map<unknown, { read(value: unknown): ClientMessage }>(
	clientMessage.anyOf.map((schema) => [schema.properties.op.const, bodyCheck(schema)]),
);

/** A message of a page, checked. Throws 12022 and 12027. */
export function readMessage(text: string): ClientMessage {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		// The parser's own message may quote what was sent.
		throw new Fault(12027, { message: "the message is not JSON" });
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) return whole.read(value);
	const op = "op" in value ? { op: value.op } : {};
	// Of one that means none only that is told: its other members are not looked at.
	return checks.get(op.op)?.read(value) ?? whole.read(op);
}

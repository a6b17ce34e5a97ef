import type { BusMessage } from "../cluster.ts";

/** What goes through the channel of events: a version, who sent it, and a message; null: the sender has lost some. */
export interface Frame {
	from: string;
	message: BusMessage | null;
}

/** Nodes of neighbouring versions run side by side: whoever changes the form counts this up. */
const VERSION = 2;

export function writeFrame({ from, message }: Frame): string {
	return JSON.stringify([VERSION, from, message]);
}

/** A frame that cannot be understood is a message that was missed: null stands for it too. */
export function readFrame(text: string): Frame {
	let read: unknown;
	try {
		read = JSON.parse(text);
	} catch {
		// Not of this service, or cut off: missed, either way.
		return { from: "", message: null };
	}
	const [version, from, message] = Array.isArray(read) ? read : [];
	if (version !== VERSION || typeof from !== "string") return { from: "", message: null };
	return { from, message: isMessage(message) ? message : null };
}

function isMessage(message: unknown): message is BusMessage {
	return typeof message === "object" && message !== null && "events" in message && Array.isArray(message.events);
}

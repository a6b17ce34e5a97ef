import type { Session } from "./session.ts";

/** Bytes that may wait in the sockets of one owner's pages, and of all. */
const MOST_WAITING = { ofOwner: 64 * 1_048_576, all: 256 * 1_048_576 };

interface Waiting {
	session: Session;
	bytes: number;
}

/** Closes those pages for which most waits, until no more waits for the pages of any owner, nor of all, than may. */
export function boundBacklog(sessions: Iterable<Session>, most = MOST_WAITING): void {
	const owners = new Map<string, Waiting[]>();
	for (const session of sessions) {
		const { owner, waiting: bytes } = session;
		if (bytes === 0) continue;
		const pages = owners.get(owner) ?? [];
		owners.set(owner, pages);
		pages.push({ session, bytes });
	}
	for (const pages of owners.values()) bound(pages, most.ofOwner);
	bound(
		[...owners.values()].flat().filter(({ session }) => session.open),
		most.all,
	);
}

function bound(pages: readonly Waiting[], most: number): void {
	let sum = 0;
	for (const { bytes } of pages) sum += bytes;
	if (sum <= most) return;
	for (const { session, bytes } of pages.toSorted((one, other) => other.bytes - one.bytes)) {
		session.end("slow");
		sum -= bytes;
		if (sum <= most) return;
	}
}

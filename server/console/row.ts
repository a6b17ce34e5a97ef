import type { ConsoleStream } from "../../persistence/console/stream.ts";
import { covers, holds, type Scope } from "../../persistence/scope.ts";
import type { ErrorBody } from "../http/catalogue.ts";
import type { ConsoleRow } from "../schemas/console/row.ts";
import { hiddenText, hiddenUrl } from "./hidden.ts";
import { type IdWords, wordsOf } from "./id-list.ts";
import { type Matchable, type Searched, searchedOf } from "./matching.ts";

/** The kinds of sources; the schema of a written stream lets no other in. */
type SourceType = ConsoleRow["type"];

/**
 * A stream as it was read, with its row serialised once: whoever is told of it shares these bytes. What filters look at
 * is prepared once as well.
 */
export class LoadedStream implements Matchable {
	readonly source: ConsoleStream;
	readonly row: ConsoleRow;
	readonly words: IdWords;
	#bytes: Buffer | null = null;
	#searched: Searched | null = null;

	constructor(source: ConsoleStream) {
		this.source = source;
		this.row = rowOf(source);
		this.words = wordsOf(source.stream_id);
	}

	get stream_id(): string {
		return this.source.stream_id;
	}

	/** As it is shown within a scope: without the groups that are out of it; null when the stream itself is. */
	within({ accounts, groups }: Scope): LoadedStream | null {
		const { source } = this;
		if (!covers({ accounts, groups }, source)) return null;
		const seen = source.groups.map(
			(name, at) =>
				(groups === null || holds(groups, name)) &&
				(accounts === null || holds(accounts, source.group_accounts[at] ?? "")),
		);
		if (!seen.includes(false)) return this;
		return new LoadedStream({
			...source,
			groups: source.groups.filter((_, at) => seen[at]),
			group_accounts: source.group_accounts.filter((_, at) => seen[at]),
		});
	}

	get searched(): Searched {
		this.#searched ??= searchedOf(this.source);
		return this.#searched;
	}

	/** The row as JSON, UTF-8. */
	get bytes(): Buffer {
		this.#bytes ??= Buffer.from(JSON.stringify(this.row));
		return this.#bytes;
	}
}

function rowOf(source: ConsoleStream): ConsoleRow {
	return {
		stream_id: source.stream_id,
		revision: source.revision,
		version: source.version,
		status: source.status,
		name: source.name,
		account_id: source.account_id,
		type: source.type as SourceType,
		reference: hiddenUrl(source.reference),
		groups: source.groups,
		create_time: source.create_time,
		feedback_time: source.feedback_time,
		agent_id: source.agent_id,
		progress: source.progress,
		frame_rate: source.frame_rate,
		width: source.width,
		height: source.height,
		restart: {
			on: source.restart === 1,
			status: source.autorestart_status,
			current_attempt: source.current_attempt,
			attempt_count: source.attempt_count,
			due_time: source.due_time,
			last_attempt_time: source.last_attempt_time,
		},
		lost_count: source.lost_count,
		takeable_time: source.takeable_time,
		error: shownError(source.error),
		pictures: { live: source.live, still: source.still },
	};
}

/** An error as an agent reported it, without what looks like a secret in it. */
export function shownError(error: string | null): ErrorBody | null {
	if (error === null) return null;
	// Our own text, checked against the schema when it came in.
	const { error_code, desc, detail }: ErrorBody = JSON.parse(error);
	return { error_code, desc: hiddenText(desc), detail: hiddenText(detail) };
}

import type { AuditAction, AuditEntry } from "../../persistence/audit/audit-record.ts";
import type { Caller } from "../access/caller.ts";
import { type Author, authorMembers } from "./author.ts";
import { askedDetails } from "./details.ts";

/** Where records go. */
export interface AuditSink {
	/** Throws 39905 when there is no room for the record of one more change: then it must not be made. */
	admit(): void;
	/** Resolves when the records are kept. Rejects with 39905. */
	keep(entries: readonly AuditEntry[]): Promise<void>;
	/** Keeps a record of what was refused, if there is room; nobody waits for it. */
	keepRefusal(entry: AuditEntry): void;
}

/** What something was done to. Several streams: a record for each. */
export interface Subjects {
	stream_ids?: readonly string[];
	group_id?: string | null;
}

/**
 * What one request does, for the audit. Its route says the action; the handler says more where it knows more: which
 * streams it was in the end, or who logged in. A request leaves a record for each stream it concerned, and at least one.
 */
export class Trail {
	action: AuditAction;
	/** Short texts without secrets. */
	details: Readonly<Record<string, string>> = {};
	readonly #sink: AuditSink | null;
	#author: Author;
	#subjects: Subjects;
	/** Records were kept before the end already. */
	#told = false;
	#nothing = false;

	/** @param sink null: nothing is kept. */
	constructor(action: AuditAction, author: Author, subjects: Subjects, sink: AuditSink | null) {
		this.action = action;
		this.#author = author;
		this.#subjects = subjects;
		this.#sink = sink;
	}

	/** Who does it, for what goes on when the request is answered. */
	get author(): Author {
		const { caller, address, requestId } = this.#author;
		return { caller, address, requestId };
	}

	/** It turned out who it is. */
	by(caller: Caller): void {
		const { address, requestId } = this.#author;
		this.#author = { caller, address, requestId };
	}

	/** What the request is about. */
	about(subjects: Subjects): void {
		this.#subjects = subjects;
	}

	/** There was nothing to do. */
	nothing(): void {
		this.#nothing = true;
	}

	/** Keeps records of a part of the work, where the whole may be too much to remember. Rejects with 39905. */
	async tell(stream_ids: readonly string[], status: number): Promise<void> {
		this.#told = true;
		await this.#sink?.keep(entriesOf(this.#author, this.action, { stream_ids }, { status, details: this.details }));
	}

	/** The request was carried out. Rejects with 39905 when its record cannot be kept. */
	async carriedOut(status: number): Promise<void> {
		if (this.#nothing || this.#told) return;
		await this.#sink?.keep(entriesOf(this.#author, this.action, this.#subjects, { status, details: this.details }));
	}

	/** The request was refused, or failed: one record, whatever it was about. */
	refused(status: number, error_code: number): void {
		const { stream_ids = [], group_id = null } = this.#subjects;
		const [one] = stream_ids.length === 1 ? stream_ids : [];
		const subjects = one === undefined ? { group_id } : { stream_ids: [one], group_id };
		const asked = stream_ids.length > 1 ? askedDetails(stream_ids) : {};
		const result = { status, error_code, details: { ...this.details, ...asked } };
		for (const entry of entriesOf(this.#author, this.action, subjects, result)) this.#sink?.keepRefusal(entry);
	}
}

/** The records of one thing that was done: one for each stream, or one when it was about none. */
export function entriesOf(
	author: Author,
	action: AuditAction,
	{ stream_ids = [], group_id = null }: Subjects,
	{ status, error_code = 0, details }: { status: number; error_code?: number; details: AuditEntry["details"] },
): AuditEntry[] {
	const common = { action, group_id, status, error_code, ...authorMembers(author), details };
	if (stream_ids.length === 0) return [{ stream_id: null, ...common }];
	return stream_ids.map((stream_id) => ({ stream_id, ...common }));
}

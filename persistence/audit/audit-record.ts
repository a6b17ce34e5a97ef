/** What is done to streams; of these there are many. */
export const STREAM_ACTIONS = [
	"create",
	"put",
	"patch",
	"delete",
	"pause",
	"resume",
	"cancel",
	"attach",
	"detach",
] as const;

/** Everything that leaves a record. */
export const AUDIT_ACTIONS = [
	...STREAM_ACTIONS,
	"create_group",
	"patch_group",
	"delete_group",
	"start_action",
	"end_action",
	"delete_logs",
	"test_reference",
	"save_view",
	"delete_view",
	"create_token",
	"revoke_token",
	"login",
	"logout",
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What is to be kept: somebody did something, or was refused it. */
export interface AuditEntry {
	action: AuditAction;
	stream_id: string | null;
	group_id: string | null;
	/** HTTP status of the answer. */
	status: number;
	/** Of the catalogue, 0 for none. */
	error_code: number;
	/** `token <token_id>`, `jwt <subject>`, `anonymous`, `command line`; "" for somebody who was not known. */
	subject: string;
	name: string;
	role: string | null;
	/** The beginning of the token that was shown, or that opened the session. */
	token_prefix: string | null;
	address: string;
	request_id: string;
	/** Short texts without secrets. */
	details: Readonly<Record<string, string>>;
}

export interface AuditRow extends AuditEntry {
	record_number: number;
	/** RFC 3339, UTC, milliseconds; of the database's clock. */
	audit_time: string;
}

/** Which records are asked for; absent: any. */
export interface AuditFilters {
	stream_id?: string;
	group_id?: string;
	/** A subject, or a name. */
	actor?: string;
	actions?: readonly AuditAction[];
	audit_time__gte?: string;
	audit_time__lt?: string;
	/** Only what is older than this record. */
	before?: AuditPlace;
}

/** Where a record stands among all. */
export interface AuditPlace {
	audit_time: string;
	record_number: number;
}

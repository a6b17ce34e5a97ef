import type { Schemas } from "../../../../client/perigee-client.ts";

/** One record of the audit, as the API gives it. */
export type AuditRecord = Schemas["audit_record"];
export type AuditAction = AuditRecord["action"];

/** What each action is called, in the order in which they are offered. */
export const ACTION_WORDS: Readonly<Record<AuditAction, string>> = {
	create: "Create",
	put: "Recreate",
	patch: "Change",
	delete: "Delete",
	pause: "Pause",
	resume: "Resume",
	cancel: "Cancel",
	attach: "Attach",
	detach: "Detach",
	create_group: "Create a group",
	patch_group: "Change a group",
	delete_group: "Delete a group",
	start_action: "Act on many",
	end_action: "End an action on many",
	delete_logs: "Delete log records",
	test_reference: "Test a source",
	save_view: "Save a view",
	delete_view: "Delete a view",
	create_token: "Make a token",
	revoke_token: "Revoke a token",
	login: "Log in",
	logout: "Log out",
};

/** Who it was, in a few words: `night shift (operator, perigee_a1b2c3d4)`. */
export function actorText({ name, subject, role, token_prefix }: AuditRecord): string {
	if (subject === "") return "somebody unknown";
	const more = [role, token_prefix].filter((each) => each !== null);
	return more.length === 0 ? name || subject : `${name || subject} (${more.join(", ")})`;
}

/** How it ended: `done`, or `refused: 403, error 39903`. */
export function resultText({ status, error_code }: AuditRecord): string {
	if (error_code === null) return "done";
	return `${status >= 500 ? "failed" : "refused"}: ${status}, error ${error_code}`;
}

/** What else there is to say: `name Front door, reference rtsp://camera/1`. */
export function detailText({ details }: AuditRecord): string {
	return Object.entries(details)
		.filter(([, text]) => text !== "")
		.map(([name, text]) => `${name} ${text}`)
		.join(", ");
}

/** Records in one list, newest first; what is in both stands once. */
export function together(there: readonly AuditRecord[], more: readonly AuditRecord[]): readonly AuditRecord[] {
	const known = new Set(there.map(({ record_number }) => record_number));
	const added = more.filter(({ record_number }) => !known.has(record_number));
	if (added.length === 0) return there;
	return [...there, ...added].sort((a, b) => {
		const later = Date.parse(b.audit_time) - Date.parse(a.audit_time);
		return later === 0 ? b.record_number - a.record_number : later;
	});
}

import type { Sql } from "../database.ts";
import type { AutorestartStatus, JsonText, RecordStatus, StreamStatus, WrittenStream } from "../stream-row.ts";

/** A time that a change sets: untouched, taken away, or so many seconds after the commit. */
export type Due = "keep" | "clear" | number;

export interface LogRecord {
	status: RecordStatus;
	version: number;
	/** It came from feedback: it shows error, video_info and preview as they were then. */
	reported: boolean;
	error: JsonText | null;
	/** undefined: as stored. */
	video_info: JsonText | null | undefined;
	preview: JsonText | null | undefined;
}

/** What is to be written of one stream: the whole lifecycle part of the row, and what else has changed. */
export interface Change {
	stream_id: string;
	/** The revision that it is based on: it is written on that one or not at all. */
	revision: number;
	account_id: string;
	status: StreamStatus;
	version: number;
	agent_id: string | null;
	restart: 0 | 1;
	attempt_count: number;
	delay: number;
	current_attempt: number;
	autorestart_status: AutorestartStatus;
	lost_count: number;
	last_error: JsonText | null;
	/** undefined: keep what is stored. */
	video_info: JsonText | null | undefined;
	preview: JsonText | null | undefined;
	/** Seconds since feedback came in; null: this change is none. */
	feedback_age: number | null;
	/** It is the first in_progress feedback of its run. */
	first_feedback: boolean;
	last_attempt: "keep" | "clear" | "now";
	restart_in: Due;
	takeable_in: Due;
	/** Written only when the stream has really been silent for so many seconds. */
	silent_for: number | null;
	/** Written only when the stream's own restart is due. */
	if_due: boolean;
	/** PUT: the new definition, and the ids of groups to link. */
	definition: WrittenStream | null;
	group_ids: readonly string[];
	/** PATCH of the description alone. */
	description: string | null;
	/** In their order. */
	records: readonly LogRecord[];
}

function member(name: string, text: JsonText | null | undefined): string {
	return text === undefined ? "" : `,"${name}":${text},"has_${name}":true`;
}

function due(value: Due): number | undefined {
	// -1 is what no due time can be: it stands for taking it away.
	return value === "keep" ? undefined : value === "clear" ? -1 : value;
}

/** What is null or false is left out: the statement takes what is missing for it, and need not read it. */
function changeDocument(change: Change): string {
	const { definition } = change;
	const plain = JSON.stringify({
		stream_id: change.stream_id,
		revision: change.revision,
		account_id: definition?.account_id ?? change.account_id,
		status: change.status,
		version: change.version,
		agent_id: change.agent_id ?? undefined,
		restart: change.restart,
		attempt_count: change.attempt_count,
		delay: change.delay,
		current_attempt: change.current_attempt,
		autorestart_status: change.autorestart_status,
		lost_count: change.lost_count,
		feedback_age: change.feedback_age ?? undefined,
		first_feedback: change.first_feedback || undefined,
		last_attempt: change.last_attempt === "clear" ? undefined : change.last_attempt,
		restart_in: due(change.restart_in),
		takeable_in: due(change.takeable_in),
		silent_for: change.silent_for ?? undefined,
		if_due: change.if_due || undefined,
		...(definition && {
			name: definition.name,
			reference: definition.reference,
			data_type: definition.data_type,
			group_ids: change.group_ids,
		}),
		description: definition?.description ?? change.description ?? undefined,
	});
	const json = [
		change.last_error === null ? "" : `,"last_error":${change.last_error}`,
		member("video_info", change.video_info),
		member("preview", change.preview),
		definition
			? `,"data":${definition.data},"event_handler":${definition.event_handler},"policies":${definition.policies},"location":${definition.location}`
			: "",
	];
	return `${plain.slice(0, -1)}${json.join("")}}`;
}

function recordDocuments(change: Change): string[] {
	return change.records.map(
		(record) =>
			`{"stream_id":"${change.stream_id}","status":"${record.status}","version":${record.version}${record.reported ? ',"reported":true' : ""}${record.error === null ? "" : `,"error":${record.error}`}${member("video_info", record.video_info)}${member("preview", record.preview)}}`,
	);
}

/** The statement, with the parts for definitions only when a change of the batch has one: most batches have none. */
function text(definitions: boolean): string {
	const columns = definitions
		? `,
		name text, description text, reference text, data_type text, group_ids uuid[],
		data json, event_handler json, policies json, location json`
		: "";
	const parts = definitions
		? `, renamed AS MATERIALIZED (
	-- Who links a stream locks it before its links, and streams in this order: so does who gives it another name or account.
	SELECT count(*) FROM (
		SELECT FROM updated u JOIN input i USING (stream_id) JOIN streams s USING (stream_id)
		WHERE i.description IS NOT NULL
			AND (s.account_id, s.name) IS DISTINCT FROM (i.account_id, coalesce(i.name, s.name))
		ORDER BY s.stream_id
		FOR UPDATE OF s
	) r
), defined AS (
	UPDATE streams s
	SET account_id = i.account_id,
		name = coalesce(i.name, s.name),
		description = coalesce(i.description, s.description),
		reference = coalesce(i.reference, s.reference),
		data_type = coalesce(i.data_type, s.data_type),
		data = coalesce(i.data, s.data),
		event_handler = coalesce(i.event_handler, s.event_handler),
		policies = coalesce(i.policies, s.policies),
		location = coalesce(i.location, s.location)
	FROM updated u JOIN input i USING (stream_id)
	WHERE s.stream_id = u.stream_id AND i.description IS NOT NULL AND (SELECT count FROM renamed) >= 0
), linked AS (
	INSERT INTO stream_groups (stream_id, group_id, create_time, number, account_id, name)
	SELECT u.stream_id, g.group_id, u.create_time, u.number, i.account_id, i.name
	FROM updated u JOIN input i USING (stream_id), unnest(i.group_ids) AS g(group_id)
	WHERE (SELECT count FROM renamed) >= 0
	ON CONFLICT DO NOTHING
)`
		: "";
	return `
WITH input AS MATERIALIZED (
	SELECT * FROM json_to_recordset($1::text::json) AS i(
		stream_id uuid, revision bigint, account_id uuid, status text, version integer, agent_id text,
		restart smallint, attempt_count integer, delay integer, current_attempt integer, autorestart_status text,
		lost_count integer, last_error json, video_info json, has_video_info boolean, preview json, has_preview boolean,
		feedback_age double precision, first_feedback boolean, last_attempt text,
		restart_in double precision, takeable_in double precision, silent_for double precision, if_due boolean${columns})
), locked AS MATERIALIZED (
	SELECT t.stream_id, t.revision, t.video_info, t.preview, t.feedback_time, t.restart_time
	FROM stream_states t JOIN input i USING (stream_id)
	ORDER BY t.stream_id
	FOR UPDATE OF t
), stamp AS MATERIALIZED (
	-- Read when every lock is held: of two changes of one stream the later one has the later time.
	SELECT date_trunc('milliseconds', clock_timestamp()) AS now FROM (SELECT count(*) FROM locked) c
), updated AS (
	UPDATE stream_states t
	SET status = i.status, version = i.version, revision = t.revision + 1, agent_id = i.agent_id,
		restart = i.restart, attempt_count = i.attempt_count, delay = i.delay,
		current_attempt = i.current_attempt, autorestart_status = i.autorestart_status, lost_count = i.lost_count,
		last_error = i.last_error,
		video_info = CASE WHEN i.has_video_info THEN i.video_info ELSE t.video_info END,
		preview = CASE WHEN i.has_preview THEN i.preview ELSE t.preview END,
		feedback_time = CASE WHEN i.feedback_age IS NULL THEN t.feedback_time
			ELSE greatest(t.feedback_time, stamp.now - make_interval(secs => i.feedback_age)) END,
		first_feedback_time = CASE WHEN i.first_feedback THEN coalesce(t.first_feedback_time, stamp.now)
			ELSE t.first_feedback_time END,
		last_attempt_time = CASE i.last_attempt WHEN 'now' THEN stamp.now WHEN 'keep' THEN t.last_attempt_time END,
		restart_time = CASE WHEN i.restart_in IS NULL THEN t.restart_time
			WHEN i.restart_in >= 0 THEN stamp.now + make_interval(secs => i.restart_in) END,
		takeable_time = CASE WHEN i.takeable_in IS NULL THEN t.takeable_time
			WHEN i.takeable_in >= 0 THEN stamp.now + make_interval(secs => i.takeable_in) END
	FROM locked l JOIN input i USING (stream_id), stamp
	WHERE t.stream_id = l.stream_id AND l.revision = i.revision
		AND (i.silent_for IS NULL OR l.feedback_time < stamp.now - make_interval(secs => i.silent_for))
		AND (i.if_due IS NOT TRUE OR l.restart_time <= stamp.now)
	RETURNING t.stream_id, t.create_time, t.number
), logged AS (
	INSERT INTO stream_logs (stream_id, account_id, log_time, status, version, error, video_info, preview)
	SELECT r.stream_id, i.account_id, stamp.now, r.status, r.version, r.error,
		CASE WHEN r.reported IS NOT TRUE THEN NULL WHEN r.has_video_info THEN r.video_info ELSE l.video_info END,
		CASE WHEN r.reported IS NOT TRUE THEN NULL WHEN r.has_preview THEN r.preview ELSE l.preview END
	FROM ROWS FROM (json_to_recordset($2::text::json) AS (
			stream_id uuid, status text, version integer, reported boolean, error json,
			video_info json, has_video_info boolean, preview json, has_preview boolean)) WITH ORDINALITY AS r
	JOIN updated u USING (stream_id) JOIN locked l USING (stream_id) JOIN input i USING (stream_id), stamp
	ORDER BY r.ordinality
)${parts}
SELECT stream_id FROM updated`;
}

const PLAIN = text(false);
const WITH_DEFINITIONS = text(true);

/**
 * Writes the changes of a batch, at most one of each stream, with their log records, in one statement. A change whose
 * stream has moved on since (another revision, gone, or not silent after all) is left out, the others are written.
 *
 * @returns the ids that were written.
 */
export async function commitChanges(sql: Sql, batch: readonly Change[]): Promise<Set<string>> {
	const definitions = batch.some((change) => change.definition !== null || change.description !== null);
	const rows = await sql.unsafe<{ stream_id: string }[]>(
		definitions ? WITH_DEFINITIONS : PLAIN,
		[`[${batch.map(changeDocument).join()}]`, `[${batch.flatMap(recordDocuments).join()}]`],
		{ prepare: true },
	);
	return new Set(rows.map((row) => row.stream_id));
}

import postgres from "postgres";

/** How much there is. Everything else follows from these. */
export interface Scale {
	streams: number;
	/** Ten for each stream. */
	records: number;
	/** The part of all streams, the newest, that is pending. */
	pending: number;
}

export const FULL: Scale = { streams: 1_000_000, records: 10_000_000, pending: 0.05 };
/** Everything waits: nobody takes. */
export const BACKLOG: Scale = { streams: 1_000_000, records: 0, pending: 1 };

/** Of 100 streams: 90 of the first, 7 of the second, 3 of the third. */
export const ACCOUNTS = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
/** Shared by a tenth of all streams; every other reference is one stream's. */
export const SHARED_REFERENCE = "rtsp://10.0.0.1/shared";
/** Groups: `everything` holds all streams, `half` every second one, `recent` the newest 2 %, `group-3` … `group-199` 1 in 1,000. */
export const GROUPS = 200;

/** When the first stream was created and the first record written: one stream in 30 s, then a record in 3 s. */
export const BEGIN = "2025-12-01T00:00:00Z";
const STREAM_SECONDS = 30;

/** The time of creation of a stream by its number. */
export function timeOf(number: number): string {
	return new Date(Date.parse(BEGIN) + number * STREAM_SECONDS * 1000).toISOString();
}

/** A stream's number says all that filters ask of it. */
const SEED = ({ streams, pending }: Scale) => `
CREATE TEMP TABLE seed AS
SELECT n, gen_random_uuid() AS id, timestamptz '${BEGIN}' + n * interval '${STREAM_SECONDS} seconds' AS time,
	('00000000-0000-4000-8000-00000000000' || CASE WHEN n % 100 < 90 THEN 1 WHEN n % 100 < 97 THEN 2 ELSE 3 END)::uuid AS account,
	-- Half have no name. Multiplied by a prime, so that what is equal is spread and independent of the rest.
	CASE WHEN n * 7919 % 1000 < 500 THEN '' ELSE 'camera-' || n * 104729 % 20000 END AS name,
	CASE WHEN n * 6151 % 10 = 0 THEN '${SHARED_REFERENCE}' ELSE 'rtsp://10.0.0.2/' || n END AS reference,
	CASE
		-- The newest wait, 2 % of all run, a few failed; the rest is history.
		WHEN n > ${streams * (1 - pending)} THEN 'pending'
		WHEN n * 5077 % 950 < 20 THEN 'in_progress'
		WHEN n * 5077 % 950 < 25 THEN 'failure'
		WHEN n * 5077 % 950 < 100 THEN 'pause'
		WHEN n * 5077 % 950 < 250 THEN 'cancel'
		ELSE 'done'
	END AS status
FROM generate_series(1::bigint, ${streams}) n`;

/** About 1.5 KB of definition each, as the defaults of the API make it. */
const STREAMS = `
INSERT INTO streams
SELECT id, n, time, account, name, '', reference, 'tcp',
	json_build_object('type', 'tcp', 'reference', reference, 'rotation', 0, 'endless', true, 'padding', repeat('d', 120)),
	json_build_object('api_version', 6, 'origin', 'http://127.0.0.1:5000', 'padding', repeat('e', 240)),
	json_build_object('padding', repeat('p', 860)), json_build_object('city', NULL, 'area', NULL)
FROM seed ORDER BY n`;

const STATES = `
INSERT INTO stream_states (stream_id, number, create_time, status, restart, attempt_count, delay, autorestart_status,
	feedback_time, video_info, last_error)
SELECT id, n, time, status, n % 2, 10, 60, CASE n % 2 WHEN 1 THEN 'enabled' ELSE 'disabled' END,
	CASE status WHEN 'in_progress' THEN now() + interval '1 day' END,
	CASE WHEN status <> 'pending' THEN json_build_object('width', 1920, 'height', 1080, 'frame_rate', 25, 'progress', 0.5) END,
	CASE status WHEN 'failure' THEN json_build_object('error_code', 1001, 'desc', 'no signal', 'detail', '') END
FROM seed ORDER BY n`;

const LINKS = (streams: number) => `
INSERT INTO groups (group_id, create_time, account_id, group_name, description)
SELECT gen_random_uuid(), timestamptz '${BEGIN}' + g * interval '1 minute', '${ACCOUNTS[0]}',
	CASE g WHEN 0 THEN 'everything' WHEN 1 THEN 'half' WHEN 2 THEN 'recent' ELSE 'group-' || g END, ''
FROM generate_series(0, ${GROUPS - 1}) g ORDER BY g;
INSERT INTO stream_groups (stream_id, group_id, create_time, number, account_id, name)
SELECT id, (SELECT group_id FROM groups WHERE group_name = 'everything'), time, n, account, name FROM seed ORDER BY n;
INSERT INTO stream_groups (stream_id, group_id, create_time, number, account_id, name)
SELECT id, (SELECT group_id FROM groups WHERE group_name = 'half'), time, n, account, name FROM seed WHERE n % 2 = 0 ORDER BY n;
INSERT INTO stream_groups (stream_id, group_id, create_time, number, account_id, name)
SELECT id, (SELECT group_id FROM groups WHERE group_name = 'recent'), time, n, account, name FROM seed WHERE n > ${streams * 0.98} ORDER BY n;
INSERT INTO stream_groups (stream_id, group_id, create_time, number, account_id, name)
SELECT id, group_id, time, n, account, name FROM seed JOIN groups ON group_name = 'group-' || n * 7919 % 1000
WHERE n * 7919 % 1000 BETWEEN 3 AND ${GROUPS - 1} ORDER BY n`;

/**
 * Ten records of each stream, written one after the other as time went: the records of one stream stand apart by those of
 * some thousand others. One record in a hundred is the first stream's, which says more than the others do.
 */
const RECORDS = ({ streams, records }: Scale) => `
INSERT INTO stream_logs (stream_id, account_id, log_time, status, version, error, video_info)
SELECT id, account, timestamptz '${BEGIN}' + i * interval '3 seconds', record.status, 1,
	CASE record.status WHEN 'failure' THEN json_build_object('error_code', 1001, 'desc', 'no signal', 'detail', '') END,
	CASE WHEN record.status IN ('failure', 'done')
		THEN json_build_object('width', 1920, 'height', 1080, 'frame_rate', 25, 'bit_rate', 4000, 'progress', 1) END
FROM generate_series(1, ${records}) i
JOIN seed ON n = CASE WHEN i % 100 = 0 THEN 1 ELSE (i / 10 - i % 10 * 5000 + ${streams} - 1) % ${streams} + 1 END
CROSS JOIN LATERAL (SELECT CASE i % 10
	WHEN 0 THEN 'pending' WHEN 1 THEN 'in_progress' WHEN 2 THEN 'done' WHEN 3 THEN 'pending' WHEN 4 THEN 'in_progress'
	WHEN 5 THEN CASE WHEN i % 2000 = 5 THEN 'failure' WHEN i % 20000 = 15 THEN 'handler_lost' ELSE 'done' END
	WHEN 6 THEN CASE WHEN i % 20000 = 16 THEN 'restart' ELSE 'pending' END
	WHEN 7 THEN 'in_progress'
	WHEN 8 THEN CASE WHEN i % 1000 = 8 THEN 'cancel' WHEN i % 100000 = 18 THEN 'deleted' ELSE 'done' END
	ELSE 'pending' END) record (status)`;

const TABLES = ["streams", "stream_states", "stream_groups", "stream_logs", "groups", "supervision"];

/**
 * Fills a migrated, empty database, telling of each step. Indexes are made after the rows, as a restored backup would;
 * then everything is vacuumed and analyzed, as autovacuum does when nothing happens.
 */
export async function fill(url: string, scale: Scale, tell: (line: string) => void): Promise<void> {
	const sql = postgres(url, { max: 1, onnotice: () => undefined });
	const step = async (name: string, text: string) => {
		const begin = performance.now();
		await sql.unsafe(text);
		tell(`${name}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
	};
	try {
		await sql.unsafe("SET work_mem = '512MB'; SET maintenance_work_mem = '1GB'; SET synchronous_commit = off");
		const indexes = await sql<{ name: string; text: string }[]>`
			SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS text
			FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
			WHERE t.relname = ANY (${TABLES}) AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)`;
		for (const { name } of indexes) await sql`DROP INDEX ${sql(name)}`;
		await step("numbers", `${SEED(scale)}; CREATE INDEX ON seed (n); ANALYZE seed`);
		await step("streams", STREAMS);
		await step("states", STATES);
		await step("groups and links", LINKS(scale.streams));
		await step("records", RECORDS(scale));
		await sql.unsafe("SELECT setval('stream_number', (SELECT max(number) FROM streams))");
		for (const { name, text } of indexes) await step(name, text);
		for (const table of TABLES) await step(`vacuum ${table}`, `VACUUM (ANALYZE) ${table}`);
		await step("checkpoint", "CHECKPOINT");
	} finally {
		await sql.end();
	}
}

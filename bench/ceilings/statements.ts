import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { type Change, commitChanges } from "../../persistence/streams/commit.ts";
import { createStreams } from "../../persistence/streams/create.ts";
import { getStreams } from "../../persistence/streams/get.ts";
import { loadStates, type StreamState } from "../../persistence/streams/load.ts";
import { takeStreams } from "../../persistence/streams/take.ts";
import { type Figure, pause } from "../figure.ts";
import { answering } from "../processes.ts";
import { ACCOUNT, streamToCreate } from "../streams.ts";

/** The ceiling of the database: the service's own statements straight through the driver, in batches like the service's. */
interface Question {
	url: string;
	seconds: number;
	what: "fill" | "create" | "status" | "take_done" | "select";
	/** Rows of one statement; `fill`: streams to make. */
	batch: number;
	/** Statements at the same time. */
	lanes: number;
}

answering(run);

async function run({ url, seconds, what, batch, lanes }: Question): Promise<Figure> {
	const sql = postgres(url, { max: lanes, onnotice: () => undefined });
	try {
		if (what === "fill") return { rate: await fill(sql, batch) };
		let rows = 0;
		let measuring = false;
		let over = false;
		const step = {
			create,
			status: await statusStep(sql, what === "status" ? batch * 4 : 0),
			take_done,
			select: await selectStep(sql, what === "select"),
		}[what];
		const work = Promise.all(
			// Selects are pipelined: several share each connection.
			Array.from({ length: what === "select" ? lanes * 8 : lanes }, async () => {
				while (!over) {
					const done = await step(sql, batch);
					if (measuring) rows += done;
				}
			}),
		);
		await pause(seconds / 10);
		measuring = true;
		const began = performance.now();
		await pause(seconds);
		measuring = false;
		const rate = rows / ((performance.now() - began) / 1000);
		over = true;
		await work;
		return { rate };
	} finally {
		await sql.end();
	}
}

/** Points of all that is stored, one a statement. */
async function selectStep(sql: postgres.Sql, wanted: boolean) {
	const ids = wanted ? await sql<{ stream_id: string }[]>`SELECT stream_id FROM streams LIMIT 20000` : [];
	let at = 0;
	return async (connection: postgres.Sql): Promise<number> => {
		const id = ids[at++ % ids.length]?.stream_id ?? "";
		return (await getStreams(connection, [id])).length;
	};
}

async function fill(sql: postgres.Sql, count: number): Promise<number> {
	for (let made = 0; made < count; made += 1_000) await create(sql, Math.min(1_000, count - made));
	return count;
}

async function create(sql: postgres.Sql, batch: number): Promise<number> {
	const streams = Array.from({ length: batch }, () => ({ stream_id: randomUUID(), stream: streamToCreate(ACCOUNT) }));
	return (await createStreams(sql, streams)).size;
}

/** Streams of its own, in progress, whose error changes with every statement. */
async function statusStep(sql: postgres.Sql, count: number) {
	const states: StreamState[] = [];
	if (count > 0) {
		const made = Array.from({ length: count }, () => ({ stream_id: randomUUID(), stream: streamToCreate(ACCOUNT) }));
		await createStreams(sql, made);
		const stream_ids = made.map(({ stream_id }) => stream_id);
		await takeStreams(sql, { stream_ids }, [{ limit: count, agent_id: null }]);
		states.push(...(await loadStates(sql, stream_ids)));
	}
	let at = 0;
	return async (connection: postgres.Sql, batch: number): Promise<number> => {
		const part = Array.from({ length: batch }, (_, index) => states[(at + index) % states.length]);
		at = (at + batch) % states.length;
		const changes = part.flatMap((state) => (state ? [changeOf(state, "in_progress")] : []));
		const written = await commitChanges(connection, changes);
		for (const state of part) if (state) state.revision++;
		return written.size;
	};
}

async function take_done(sql: postgres.Sql, batch: number): Promise<number> {
	const [taken = []] = await takeStreams(sql, {}, [{ limit: batch, agent_id: null }]);
	const states = await loadStates(
		sql,
		taken.map(({ row }) => row.stream_id),
	);
	return (
		await commitChanges(
			sql,
			states.map((state) => changeOf(state, "done")),
		)
	).size;
}

function changeOf(state: StreamState, status: "in_progress" | "done"): Change {
	const error = status === "done" ? null : JSON.stringify({ error_code: state.revision, desc: "bench", detail: "" });
	return {
		...state,
		status,
		last_error: error,
		video_info: undefined,
		preview: undefined,
		feedback_age: 0,
		first_feedback: true,
		last_attempt: "keep",
		restart_in: status === "done" ? "clear" : "keep",
		takeable_in: status === "done" ? "clear" : "keep",
		silent_for: null,
		if_due: false,
		definition: null,
		group_ids: [],
		description: null,
		records: [{ status, version: state.version, reported: true, error, video_info: undefined, preview: undefined }],
	};
}

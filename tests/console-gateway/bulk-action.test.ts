import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Engine } from "../../actors/engine.ts";
import type { AuditEntry } from "../../persistence/audit/audit-record.ts";
import { Fault, unavailable } from "../../persistence/fault.ts";
import { anonymous } from "../../server/access/caller.ts";
import { RunningAction } from "../../server/console/bulk-action.ts";
import { IdList } from "../../server/console/id-list.ts";
import type { LoadedStream } from "../../server/console/row.ts";

/** Carries an action on three streams out with an engine, and gives what is told of it, and the stream and status of each record. */
async function carriedOut(action: "delete" | "attach", ids: string[], engine: Partial<Engine>) {
	const entries: AuditEntry[] = [];
	const source = { name: "n", account_id: "", groups: [], status: "pending" };
	const running = new RunningAction(
		{
			action_id: randomUUID(),
			action,
			group: action === "delete" ? null : { group_id: randomUUID(), group_name: "hall" },
			list: IdList.of(ids),
			author: { caller: anonymous, address: "", requestId: "" },
			credentials: null,
		},
		{
			engine: engine as Engine,
			load: async (stream_ids) => stream_ids.map((stream_id) => ({ stream_id, source }) as unknown as LoadedStream),
			standing: {} as never,
			audit: {
				admit: () => undefined,
				keep: async (kept) => void entries.push(...kept),
				keepRefusal: () => undefined,
			},
			log: { error: () => undefined } as never,
		},
		() => undefined,
	);
	await running.ended;
	return { progress: running.progress, records: entries.map(({ stream_id, status }) => [stream_id, status]) };
}

test("of what a bulk action finds and somebody else deletes first nothing is recorded, and it is told as unchanged", async () => {
	const ids = [randomUUID(), randomUUID(), randomUUID()];
	const { progress, records } = await carriedOut("delete", ids, {
		removeMany: async (_, __, onRemoved) => {
			await onRemoved?.([ids[2]!]);
			await onRemoved?.([ids[0]!]);
		},
	});
	expect(progress).toMatchObject({
		done: 3,
		outcomes: { applied: 2, unchanged: 1, refused: 0, failed: 0 },
		problems: [],
	});
	expect(records).toEqual([
		[ids[2], 204],
		[ids[0], 204],
	]);
});

test("what was deleted before a bulk deletion failed is told and recorded as deleted, and the rest as failed", async () => {
	const ids = [randomUUID(), randomUUID(), randomUUID()];
	const { progress, records } = await carriedOut("delete", ids, {
		removeMany: async (_, __, onRemoved) => {
			await onRemoved?.([ids[1]!]);
			throw unavailable("database");
		},
	});
	expect(progress).toMatchObject({
		done: 3,
		outcomes: { applied: 1, unchanged: 0, refused: 0, failed: 2 },
		problems: [{ stream_id: ids[0] }, { stream_id: ids[2] }],
	});
	expect(records).toEqual([
		[ids[1], 204],
		[ids[0], 503],
		[ids[2], 503],
	]);
});

test("what somebody else attaches first is told as unchanged, and nothing is recorded of it", async () => {
	const ids = [randomUUID(), randomUUID(), randomUUID()];
	const { progress, records } = await carriedOut("attach", ids, { link: async () => [ids[1]!] });
	expect(progress).toMatchObject({ done: 3, outcomes: { applied: 1, unchanged: 2, refused: 0, failed: 0 } });
	expect(records).toEqual([[ids[1], 204]]);
});

test("when one that is to be attached is gone the others are, one by one", async () => {
	const ids = [randomUUID(), randomUUID(), randomUUID()];
	const { progress, records } = await carriedOut("attach", ids, {
		link: async ({ stream_ids }) => {
			if (stream_ids.includes(ids[1]!)) throw new Fault(39001, { id: ids[1]! });
			return stream_ids;
		},
	});
	expect(progress).toMatchObject({ done: 3, outcomes: { applied: 2, refused: 1 }, problems: [{ stream_id: ids[1] }] });
	expect(records).toEqual([
		[ids[0], 204],
		[ids[1], 404],
		[ids[2], 204],
	]);
});

import { randomBytes } from "node:crypto";
import type { ApiClient } from "../../tests/main-job/api-client.ts";
import { ACCOUNT, streamBody } from "../../tests/main-job/stream-bodies.ts";

/** A name that no other test gives: `hall-3f9c1a`. */
export function unique(beginning: string): string {
	return `${beginning}-${randomBytes(3).toString("hex")}`;
}

/** A group of a test's own; its name is also how a search finds its streams and no others. */
export async function createGroup(api: ApiClient, beginning: string): Promise<string> {
	const group_name = unique(beginning);
	await api.expect(201, "POST", "/1/groups", { account_id: ACCOUNT, group_name });
	return group_name;
}

/** Streams of these names in a group, in this order; gives their ids. */
export async function createStreams(
	api: ApiClient,
	group_name: string,
	names: readonly string[],
	members: object = {},
): Promise<string[]> {
	const ids: string[] = [];
	for (const name of names) ids.push(await api.create(streamBody({ name, group_name, ...members })));
	return ids;
}

/** Does as an agent does: takes these streams and says that they go on. */
export async function run(api: ApiClient, ids: readonly string[], said: object = {}): Promise<void> {
	const taken = await api.take(ids.length, { stream_ids: ids });
	if (taken.length !== ids.length) throw new Error(`${taken.length} of ${ids.length} streams were taken`);
	await report(api, ids, "in_progress", said);
}

/** Says as their agent how streams do. */
export async function report(api: ApiClient, ids: readonly string[], status: string, said: object = {}): Promise<void> {
	const { unmodified } = await api.feedback(ids.map((stream_id) => ({ stream_id, version: 1, status, ...said })));
	if (unmodified.length > 0) throw new Error(`feedback was not taken: ${JSON.stringify(unmodified)}`);
}

/** An error as agents report it. */
export function failure(desc: string, detail = desc, error_code = 1) {
	return { error: { error_code, desc, detail } };
}

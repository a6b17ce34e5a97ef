import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GuardedService, startGuarded, type WantedToken } from "../access/access-fixture.ts";
import { ACCOUNT, OTHER_ACCOUNT, streamBody } from "../main-job/stream-bodies.ts";
import { LiveCamera } from "../preview/camera.ts";
import { jpeg } from "../preview/pictures.ts";
import { eventually } from "../support/signals.ts";
import { PageSocket } from "./page-socket.ts";

let guarded: GuardedService;
const pages: PageSocket[] = [];

beforeAll(async () => {
	guarded = await startGuarded();
});
afterAll(async () => {
	for (const page of pages) page.close();
	await guarded[Symbol.asyncDispose]();
});

const admin = (method: string, path: string, body?: unknown) => guarded.ask(guarded.admin, method, path, body);

async function open(token: string): Promise<PageSocket> {
	const page = await PageSocket.open(guarded.service.url, { headers: { Authorization: `Bearer ${token}` } });
	pages.push(page);
	return page;
}

async function newGroup(group_name: string): Promise<string> {
	return (await admin("POST", "/1/groups", { account_id: ACCOUNT, group_name })).body.group_id;
}

/** An agent takes the stream, or has it, and reports this of it. */
async function report(stream_id: string, members: object): Promise<void> {
	await admin("POST", "/1/streams/processing/queue", { limit: 1, filters: { stream_ids: [stream_id] } });
	const { version } = (await admin("GET", `/1/streams/${stream_id}`)).body;
	const item = { stream_id, version, status: "in_progress", ...members };
	const { body } = await admin("POST", "/1/streams/processing/feedback", { streams: [item] });
	expect(body.streams.modified).toHaveLength(1);
}

/** How a stream leaves what a page sees, and comes back. */
interface Way {
	scope: WantedToken;
	group: string;
	leave(stream_id: string, group_id: string): Promise<unknown>;
	comeBack?(stream_id: string, group_id: string): Promise<unknown>;
}

const moved = (stream_id: string, account_id: string) =>
	admin("PUT", `/1/streams/${stream_id}`, streamBody({ account_id, name: "moves" }));
const linked = (action: string, stream_id: string, group_id: string) =>
	admin("PATCH", "/1/linker", { action, stream_ids: [stream_id], group_id });

const ways: Record<string, Way> = {
	"it is moved to another account": {
		scope: { accounts: [ACCOUNT] },
		group: "moving",
		leave: (stream_id) => moved(stream_id, OTHER_ACCOUNT),
		comeBack: (stream_id) => moved(stream_id, ACCOUNT),
	},
	"it leaves the group": {
		scope: { groups: ["left"] },
		group: "left",
		leave: (stream_id, group_id) => linked("detach", stream_id, group_id),
		comeBack: (stream_id, group_id) => linked("attach", stream_id, group_id),
	},
	"the group is deleted": {
		scope: { groups: ["dissolved"] },
		group: "dissolved",
		leave: (_, group_id) => admin("DELETE", `/1/groups/${group_id}`),
	},
};

describe.each(Object.entries(ways))(
	"a stream out of a page's scope, since %s,",
	(_, { scope, group, leave, comeBack }) => {
		test("is gone from its lists and details, and neither its pictures nor its telemetry are told", async () => {
			await using camera = await LiveCamera.start(jpeg(1));
			const group_id = await newGroup(group);
			const body = streamBody({ account_id: ACCOUNT, name: "moves", group_name: group });
			const { stream_id } = (await admin("POST", "/1/streams", body)).body;
			const offered = { preview: { live: { url: camera.url } } };
			await report(stream_id, offered);
			const [within, whole] = [await open((await guarded.token(scope)).token), await open(guarded.admin)];
			for (const page of [within, whole]) {
				page.say({ op: "pictures", streams: [{ stream_id, rate: "live" }] });
				page.say({ op: "streams", sub: 1, filter: { stream_ids: [stream_id] }, order: "oldest" });
				page.say({ op: "watch", sub: 1, stream_ids: [stream_id] });
				page.say({ op: "stream", sub: 2, stream_id });
				expect(await page.next("snapshot")).toMatchObject({ total: 1 });
			}
			const shown = (page: PageSocket, number: number) =>
				eventually(() => {
					camera.send(jpeg(number));
					return page.picturesOf(stream_id).at(-1) === number;
				});
			const fps = async (page: PageSocket, frame_rate: number) => {
				await report(stream_id, {
					...offered,
					video_info: { width: 640, frame_rate },
				});
				await page.next("telemetry", ({ rows }) => rows.some((row) => JSON.stringify(row).includes(`${frame_rate}`)));
			};
			await shown(within, 2);
			await fps(within, 21.5);

			await leave(stream_id, group_id);
			await within.next("stream", ({ detail }) => detail === null);
			await eventually(
				() => JSON.stringify(within.said.slice(-8)).includes(stream_id) || within.of("snapshot").length > 1,
			);
			const heard = () =>
				within.said.filter((said) => said.type === "stream" || JSON.stringify(said).includes(stream_id)).length;
			const before = {
				pictures: within.picturesOf(stream_id).length,
				telemetry: within.of("telemetry").length,
				heard: heard(),
			};
			await report(stream_id, offered);
			await shown(whole, 3);
			await fps(whole, 22.5);
			expect(within.of("telemetry").length).toBe(before.telemetry);
			expect(within.picturesOf(stream_id).length).toBe(before.pictures);
			// Nor that anything happens to it at all.
			expect(heard()).toBe(before.heard);

			if (comeBack === undefined) return;
			await comeBack(stream_id, group_id);
			await report(stream_id, offered);
			await shown(within, 4);
		});
	},
);

import { once } from "node:events";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { head, raw } from "../server/raw-client.ts";
import { openSocket } from "../support/bare-socket.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { eventually } from "../support/signals.ts";
import type { ApiClient } from "./api-client.ts";
import { ServiceProcess } from "./service-process.ts";
import { OTHER_ACCOUNT, streamBody, UNKNOWN } from "./stream-bodies.ts";

const HUGE = 64 * 1_048_576;
let database: FreshDatabase;
let sql: postgres.Sql;
let service: ServiceProcess;
let api: ApiClient;
/** Ids of streams by their status, and of a group. */
const ids: Record<string, string> = {};
let before = "";

beforeAll(async () => {
	database = await freshDatabase();
	sql = postgres(database.url, { max: 1, onnotice: () => undefined });
	service = new ServiceProcess({ DATABASE_URL: database.url });
	await service.ready();
	api = service.client();
	const { group_id } = await api.expect<{ group_id: string }>(201, "POST", "/1/groups", {
		account_id: OTHER_ACCOUNT,
		group_name: "gate",
	});
	ids["group"] = group_id;
	for (const status of ["pending", "pause", "in_progress", "done", "videofile"]) {
		const type = status === "videofile" ? "videofile" : "tcp";
		ids[status] = await api.create(
			streamBody({ name: status, data: { type, reference: "r" }, status: status === "pause" ? "pause" : "pending" }),
		);
		if (["in_progress", "done", "videofile"].includes(status)) await api.take(1, { stream_ids: [ids[status]] });
		if (status === "done") await api.feedback([{ stream_id: ids[status], version: 1, status }]);
	}
	before = await dump();
});
afterAll(async () => {
	await service?.end();
	await sql?.end();
	await database?.drop();
});

/** Everything that a client can change, whole. */
async function dump(): Promise<string> {
	const tables = ["streams", "stream_states", "stream_logs", "groups", "stream_groups"] as const;
	const rows = await Promise.all(tables.map((table) => sql`SELECT * FROM ${sql(table)} ORDER BY 1, 2`));
	return JSON.stringify(rows, null, 1);
}

async function expectNothingChanged(what: string): Promise<void> {
	expect(await dump(), what).toBe(before);
	expect(service.over, `${what}: the process ended`).toBe(false);
	expect((await api.ask("GET", "/version")).status, what).toBe(200);
}

const json = { "Content-Type": "application/json" };

/** The catalogue's number in the answer to these bytes; what came instead when there is none. */
async function codeOf(bytes: string | Uint8Array): Promise<number | string> {
	const { text, closed } = await raw(service.port, bytes, (all) => all.trimEnd().endsWith("}"), 3_000);
	const [, code] = /"error_code":(\d+)/.exec(text) ?? [];
	return code === undefined ? `${closed ? "closed: " : ""}${text}` : Number(code);
}

function message(method: string, path: string, body = "", headers: Record<string, string> = json): string {
	return head(`${method} ${path}`, { ...headers, "Content-Length": String(Buffer.byteLength(body)) }) + body;
}

const queue = "/1/streams/processing/queue";
const feedbackPath = "/1/streams/processing/feedback";
const fitting = () => ({ stream_id: ids["in_progress"], version: 1, status: "done" });

/** The request and its error. Functions, because the ids come later. */
const WRONG: Record<string, () => [number, string, string, unknown?][]> = {
	"values of a wrong type": () => [
		[12022, "POST", "/1/streams", streamBody({ name: 5 })],
		[12022, "POST", "/1/streams", streamBody({ data: { type: "tcp", reference: null } })],
		[12022, "POST", "/1/streams", streamBody({ autorestart: { restart: true } })],
		[12022, "PUT", `/1/streams/${ids["pending"]}`, streamBody({ account_id: "nobody" })],
		[12022, "PATCH", `/1/streams/${ids["pending"]}`, { description: null }],
		[12022, "PATCH", `/1/streams/${ids["pending"]}`, { status: "done" }],
		[12022, "DELETE", "/1/streams", { stream_ids: ids["pending"] }],
		[12022, "POST", queue, { filters: [], limit: 1 }],
		[12022, "POST", queue, { filters: {}, limit: "1" }],
		[12022, "POST", queue, { filters: { stream_ids: ["x"] }, limit: 1 }],
		[12022, "POST", feedbackPath, { streams: [fitting(), { ...fitting(), version: "1" }] }],
		[12022, "POST", feedbackPath, { streams: [fitting(), { ...fitting(), video_info: { width: -1 } }] }],
		[12022, "POST", feedbackPath, { streams: [fitting(), { ...fitting(), preview: { live: { url: "http://" } } }] }],
		[12022, "POST", "/1/groups", { account_id: OTHER_ACCOUNT, group_name: "not a name" }],
		[12022, "POST", "/1/linker", { action: "attach", stream_ids: [], group_id: ids["group"] }],
		[12022, "POST", "/1/linker", { action: "tear", stream_ids: [ids["pending"]], group_id: ids["group"] }],
	],
	"members that nobody knows": () => [
		[12022, "POST", "/1/streams", streamBody({ colour: "red" })],
		[12022, "POST", "/1/streams", streamBody({ data: { type: "tcp", reference: "r", colour: "red" } })],
		[12022, "PUT", `/1/streams/${ids["pending"]}`, streamBody({ stream_id: ids["pause"] })],
		[12022, "PATCH", `/1/streams/${ids["pending"]}`, { status: "pause", name: "x" }],
		[12022, "DELETE", "/1/streams", { stream_ids: [ids["pending"]], all: true }],
		[12022, "POST", queue, { filters: { status: "pending" }, limit: 1 }],
		[12022, "POST", feedbackPath, { streams: [{ ...fitting(), progress: 1 }] }],
		[12022, "PATCH", `/1/groups/${ids["group"]}`, { description: "", group_name: "other" }],
		[12022, "POST", "/1/linker", { action: "attach", stream_ids: [ids["pending"]], group_id: ids["group"], x: 1 }],
	],
	"numbers beyond their bounds": () => [
		[12022, "POST", "/1/streams", streamBody({ autorestart: { restart: 1, delay: 2_147_483_648 } })],
		[12022, "POST", "/1/streams", streamBody({ autorestart: { restart: 1, attempt_count: 0 } })],
		[12022, "POST", "/1/streams", streamBody({ policies: { filtering: { min_score: 1e300 } } })],
		[12022, "POST", queue, { filters: {}, limit: 0 }],
		[12022, "POST", queue, { filters: {}, limit: 1e21 }],
		[12022, "POST", feedbackPath, { streams: [{ ...fitting(), version: 9e15 }] }],
		[12012, "POST", `${queue}?wait=61`, { filters: {}, limit: 1 }],
		[12012, "POST", `${queue}?wait=-1`, { filters: {}, limit: 1 }],
		[12012, "GET", `${queue}?limit=99999999999999999999`],
		[12012, "GET", "/1/streams?page=1e9"],
		[12012, "GET", "/1/streams?page_size=1001"],
	],
	"texts that the database could not keep": () => [
		[12022, "POST", "/1/streams", streamBody({ name: "a\0b" })],
		[12022, "POST", "/1/streams", streamBody({ description: "\ud800" })],
		[12022, "PATCH", `/1/streams/${ids["pending"]}`, { description: "\0" }],
		[
			12022,
			"POST",
			feedbackPath,
			{ streams: [{ ...fitting(), error: { error_code: 1, desc: "\udc00", detail: "" } }] },
		],
		[12022, "POST", "/1/streams", streamBody({ name: "x".repeat(129) })],
		[12012, "GET", "/1/streams?names=%00"],
		[12012, "GET", "/1/streams?create_time__gte=yesterday"],
		[12012, "DELETE", "/1/streams/logs?log_time__lt=0"],
	],
	"what is missing": () => [
		[12022, "POST", "/1/streams", {}],
		[12022, "PATCH", `/1/streams/${ids["pending"]}`, {}],
		[12022, "DELETE", "/1/streams", {}],
		[12022, "DELETE", "/1/streams", { stream_ids: [], names: [] }],
		[12022, "POST", queue, { limit: 1 }],
		[12014, "GET", queue],
		[12014, "DELETE", "/1/streams/logs"],
	],
	"ids that are unknown or none": () => [
		[39001, "GET", `/1/streams/${UNKNOWN}`],
		[39001, "PATCH", `/1/streams/${UNKNOWN}`, { status: "pause" }],
		[39001, "PUT", `/1/streams/${UNKNOWN}`, streamBody()],
		[39001, "DELETE", `/1/streams/${UNKNOWN}`],
		[39001, "GET", `/1/streams/${UNKNOWN}/preview/live`],
		[39008, "DELETE", `/1/groups/${UNKNOWN}`],
		[39001, "POST", "/1/linker", { action: "attach", stream_ids: [ids["pending"], UNKNOWN], group_id: ids["group"] }],
		[39008, "POST", "/1/linker", { action: "attach", stream_ids: [ids["pending"]], group_id: UNKNOWN }],
		[39007, "POST", "/1/streams", streamBody({ group_name: "nowhere" })],
		[39007, "PUT", `/1/streams/${ids["pending"]}`, streamBody({ group_name: "nowhere" })],
		[12013, "DELETE", "/1/streams/all"],
		[12013, "DELETE", `/1/streams/${ids["pending"]?.toUpperCase()}`],
		[12013, "DELETE", `/1/streams/${ids["pending"]}/../${ids["pause"]}`],
		[12021, "PATCH", "/1/streams", { status: "pause" }],
	],
	"objects of another account": () => [
		[39001, "GET", `/1/streams/${ids["pending"]}?account_id=${OTHER_ACCOUNT}`],
		[39001, "PATCH", `/1/streams/${ids["pending"]}?account_id=${OTHER_ACCOUNT}`, { status: "pause" }],
		[39001, "PUT", `/1/streams/${ids["pending"]}?account_id=${OTHER_ACCOUNT}`, streamBody()],
		[39001, "DELETE", `/1/streams/${ids["pending"]}?account_id=${OTHER_ACCOUNT}`],
		[39008, "PATCH", `/1/groups/${ids["group"]}?account_id=${UNKNOWN}`, { description: "x" }],
		[39008, "DELETE", `/1/groups/${ids["group"]}?account_id=${UNKNOWN}`],
		[
			39001,
			"POST",
			`/1/linker?account_id=${OTHER_ACCOUNT}`,
			{ action: "attach", stream_ids: [ids["pending"]], group_id: ids["group"] },
		],
		[12012, "DELETE", `/1/streams/${ids["pending"]}?account_id=`],
	],
	"commands that the lifecycle refuses, all of them whole": () => [
		[39003, "PATCH", `/1/streams/${ids["videofile"]}`, { status: "pause", description: "x" }],
		[39004, "PATCH", `/1/streams/${ids["in_progress"]}`, { status: "pending", description: "x" }],
		[39005, "PATCH", `/1/streams/${ids["done"]}`, { status: "cancel", description: "x" }],
		[39002, "POST", "/1/streams", streamBody({ status: "in_progress" })],
		[39002, "PUT", `/1/streams/${ids["pending"]}`, streamBody({ status: "done" })],
		[39006, "POST", "/1/groups", { account_id: OTHER_ACCOUNT, group_name: "gate" }],
		[39009, "GET", `/1/streams/${ids["in_progress"]}/preview/last_frame`],
	],
};

describe("nothing changes, the process lives, and the answer is the catalogue's, for", () => {
	for (const [kind, requests] of Object.entries(WRONG))
		test(kind, async () => {
			for (const [code, method, path, body] of requests()) {
				const what = `${method} ${path} ${JSON.stringify(body)}`;
				const bytes = body === undefined ? head(`${method} ${path}`) : message(method, path, JSON.stringify(body));
				expect(await codeOf(bytes), what).toBe(code);
				await expectNothingChanged(what);
			}
		});

	test("deletions that match nothing: another account's, and names that nobody has", async () => {
		const of = (body: object, query = "") => api.ask("DELETE", `/1/streams${query}`, body);
		expect((await of({ stream_ids: [ids["pending"]] }, `?account_id=${OTHER_ACCOUNT}`)).status).toBe(204);
		expect((await of({ names: ["%", "nobody"] })).status).toBe(204);
		expect((await of({ stream_ids: [UNKNOWN] })).status).toBe(204);
		await expectNothingChanged("deletions");
	});

	test("feedback about a stream that is not one's to report on", async () => {
		const { modified, unmodified } = await api.feedback([
			{ stream_id: ids["in_progress"], version: 2, status: "done" },
			{ stream_id: ids["pending"], version: 1, status: "failure" },
			{ stream_id: ids["in_progress"], version: 1, status: "pause" },
			{ stream_id: UNKNOWN, version: 1, status: "done" },
		]);
		expect({ modified, statuses: unmodified.map(({ status }) => status) }).toEqual({
			modified: [],
			statuses: ["in_progress", "pending", "in_progress", "not_found"],
		});
		await expectNothingChanged("feedback");
	});

	test("bodies that are no JSON, or no UTF-8", async () => {
		for (const [method, path] of [
			["POST", "/1/streams"],
			["PATCH", `/1/streams/${ids["pending"]}`],
			["DELETE", "/1/streams"],
			["POST", queue],
			["POST", feedbackPath],
		] as const) {
			for (const text of [
				"",
				"{",
				'{"status":"pause"',
				`{"stream_ids":["${ids["pending"]}"]}}`,
				"{'limit':1}",
				"\ufeff{}",
			])
				expect(await codeOf(message(method, path, text)), `${method} ${path} ${text}`).toBe(12027);
			const bytes = Buffer.from('{"status":"pause","description":"?"}');
			bytes[bytes.indexOf("?")] = 0xff;
			const broken = Buffer.concat([
				Buffer.from(head(`${method} ${path}`, { ...json, "Content-Length": `${bytes.length}` })),
				bytes,
			]);
			expect(await codeOf(broken), `${method} ${path}`).toBe(12027);
		}
		await expectNothingChanged("no JSON");
	});

	test("bodies of a wrong content type", async () => {
		const body = JSON.stringify(streamBody());
		for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "*/*"])
			expect(await codeOf(message("POST", "/1/streams", body, { "Content-Type": type })), type).toBe(12023);
		expect(await codeOf(message("POST", "/1/streams", body, {}))).toBe(12023);
		await expectNothingChanged("content types");
	});

	test("good bodies that are cut off", async () => {
		const whole = [
			message("POST", "/1/streams", JSON.stringify(streamBody())),
			message("DELETE", "/1/streams", JSON.stringify({ stream_ids: [ids["pending"]] })),
			message("PATCH", `/1/streams/${ids["pending"]}`, JSON.stringify({ status: "pause" })),
			message("POST", queue, JSON.stringify({ filters: {}, limit: 10 })),
			message("POST", feedbackPath, JSON.stringify({ streams: [fitting()] })),
		];
		for (const bytes of whole)
			for (const cut of [1, 20]) {
				const socket = openSocket(service.port);
				socket.on("error", () => undefined);
				const closed = once(socket, "close");
				socket.end(bytes.slice(0, -cut));
				socket.resume();
				await Promise.race([closed, once(socket, "end")]);
				socket.destroy();
			}
		await expectNothingChanged("cut bodies");
	});

	test("bodies of 64 MB, with their length told and in chunks", async () => {
		const told = head("POST /1/streams", { ...json, "Content-Length": String(HUGE) });
		expect(await codeOf(told)).toBe(39901);
		const socket = openSocket(service.port);
		let answer = "";
		socket.on("data", (data) => {
			answer += data;
		});
		socket.on("error", () => undefined);
		const closed = new Promise((resolve) => socket.once("close", resolve));
		socket.write(head("POST /1/streams", { ...json, "Transfer-Encoding": "chunked" }));
		const chunk = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(1_048_576, 0x20), Buffer.from("\r\n")]);
		for (let sent = 0; sent < HUGE && !socket.destroyed; sent += 1_048_576)
			if (!socket.write(chunk)) await Promise.race([closed, new Promise((resolve) => socket.once("drain", resolve))]);
		await eventually(() => expect(answer).toContain('"error_code":39901'));
		socket.destroy();
		await expectNothingChanged("64 MB");
	});

	test("what is not HTTP at all", async () => {
		for (const bytes of [
			"\0\x01\x02\r\n\r\n",
			"DELETE\r\n\r\n",
			"DELETE /1/streams HTTP/1.1\r\n\r\n",
			"\x16\x03\x01\x02\0",
		])
			await raw(service.port, Buffer.from(bytes, "latin1"), undefined, 50);
		await expectNothingChanged("no HTTP");
	});
});

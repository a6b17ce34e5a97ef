import { connect, createServer, type Server, type Socket } from "node:net";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Database, type DatabaseOptions } from "../../persistence/database.ts";
import { Fault } from "../../persistence/fault.ts";
import { type FreshDatabase, freshDatabase } from "../support/database.ts";
import { ownTime } from "../support/own-time.ts";
import { deferred, eventually } from "../support/signals.ts";

let database: FreshDatabase;

beforeAll(async () => {
	database = await freshDatabase();
});
afterAll(() => database?.drop());

interface Started {
	database: Database;
	said: string[];
}

async function start(options: Partial<DatabaseOptions> = {}): Promise<Started> {
	const said: string[] = [];
	const say = (_: object, message: string) => said.push(message);
	const started = new Database({ url: database.url, poolSize: 6, log: { info: say, warn: say }, ...options });
	await started.start();
	onTestFinished(() => started.stop());
	return { database: started, said };
}

/** A way to the server that can be closed: for good (refused), or so that nothing comes through (a black hole). */
async function tunnel(): Promise<{ url: string; refuse(): Promise<void>; swallow(): void; restore(): Promise<void> }> {
	const target = new URL(database.url);
	const sockets = new Set<Socket>();
	let swallowing = false;
	let server: Server | null = null;
	let port = 0;
	const listen = async (): Promise<void> => {
		server = createServer((near) => {
			const far = connect({ port: Number(target.port), host: target.hostname });
			for (const [socket, other] of [
				[near, far],
				[far, near],
			] as const) {
				sockets.add(socket);
				socket.on("data", (data) => {
					if (!swallowing) other.write(data);
				});
				socket.on("error", () => undefined);
				socket.on("close", () => {
					sockets.delete(socket);
					if (!swallowing) other.destroy();
				});
			}
		});
		const listening = deferred();
		server.listen(port, "127.0.0.1", () => listening.resolve());
		await listening.promise;
		const address = server.address();
		if (typeof address === "object" && address !== null) port = address.port;
	};
	const close = async (): Promise<void> => {
		const closed = deferred();
		server?.close(() => closed.resolve());
		for (const socket of sockets) socket.destroy();
		await closed.promise;
	};
	await listen();
	onTestFinished(async () => {
		if (server?.listening) await close();
	});
	const url = new URL(database.url);
	url.hostname = "127.0.0.1";
	url.port = String(port);
	return {
		url: url.href,
		refuse: close,
		swallow: () => {
			swallowing = true;
		},
		restore: async () => {
			swallowing = false;
			// What was on its way is lost; whoever still listens hears nothing any more.
			for (const socket of sockets) socket.destroy();
			if (!server?.listening) await listen();
		},
	};
}

/** The database as a role that may have only so many connections. */
async function urlOfRole(name: string, connections: number): Promise<string> {
	const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
	try {
		await sql.unsafe(`CREATE ROLE ${name} LOGIN PASSWORD '${name}' CONNECTION LIMIT ${connections}`);
	} finally {
		await sql.end();
	}
	onTestFinished(async () => {
		const again = postgres(database.url, { max: 1, onnotice: () => undefined });
		await again.unsafe(`DROP ROLE ${name}`).finally(() => again.end());
	});
	const url = new URL(database.url);
	url.username = name;
	url.password = name;
	return url.href;
}

/** Seconds of a statement, shorter than in the service: whoever waits in vain is told half a second later. */
const SHORT = { commands: 1, lists: 1 };

const one = (on: Database) =>
	on.run("commands", async (sql) => (await sql<{ one: number }[]>`SELECT 1 AS one`)[0]?.one);

describe("a statement", () => {
	test("goes through with what it answers and what it throws; a Fault stays itself", async () => {
		const { database } = await start();
		expect(await one(database)).toBe(1);
		await expect(database.run("lists", (sql) => sql`SELECT nonsense`)).rejects.toMatchObject({ code: "42703" });
		const fault = new Fault(39001, { id: "x" });
		await expect(database.run("commands", () => Promise.reject(fault))).rejects.toBe(fault);
		expect(database.available).toBe(true);
	});

	test("that collides with another writer is tried again, within bounds", async () => {
		const { database } = await start();
		let attempts = 0;
		const collide = (code: string) => Object.assign(new Error("collision"), { code });
		const answer = await database.run("commands", async () => {
			attempts++;
			if (attempts < 4) throw collide(["40P01", "40001", "55P03"][attempts - 1] ?? "");
			return "done";
		});
		expect([answer, attempts]).toEqual(["done", 4]);
		attempts = 0;
		await expect(
			database.run("commands", async () => {
				attempts++;
				throw collide("40P01");
			}),
		).rejects.toMatchObject({ code: 39905 });
		expect(attempts).toBeLessThan(20);
		expect(database.available, "others are not hindered by it").toBe(true);
	});

	test("that takes too long is ended by the server, and the database is not taken for away", async () => {
		const { database } = await start({ timeouts: SHORT });
		const begin = ownTime();
		await expect(database.run("lists", (sql) => sql`SELECT pg_sleep(20)`)).rejects.toMatchObject({ code: 39905 });
		expect(ownTime() - begin).toBeLessThan(1000 * SHORT.lists + 1_000);
		expect(database.available).toBe(true);
	});

	test("that finds no connection left is refused, and those that are connected go on", async () => {
		const url = await urlOfRole("two_connections", 2);
		const { database, said } = await start({ url, poolSize: 6 });
		const [both, released] = [deferred(), deferred()];
		let holding = 0;
		const held = [1, 2].map((number) =>
			database.run("commands", (sql) =>
				sql.begin(async (within) => {
					if (++holding === 2) both.resolve();
					await released.promise;
					return (await within<{ number: number }[]>`SELECT ${number}::int AS number`)[0]?.number;
				}),
			),
		);
		await both.promise;
		for (let i = 0; i < 3; i++) await expect(one(database)).rejects.toMatchObject({ code: 39905 });
		await expect(database.run("lists", (sql) => sql`SELECT 1`)).rejects.toMatchObject({ code: 39905 });
		expect(database.available).toBe(true);
		released.resolve();
		expect(await Promise.all(held)).toEqual([1, 2]);
		expect(await one(database)).toBe(1);
		expect(said, "it is told once in a while").toEqual(["the database has no connection left for this node"]);
	});

	test("of one lane does not wait for those of the other", async () => {
		const { database } = await start({ poolSize: 6 });
		let over = 0;
		// More than it has connections: the last ones wait for the first.
		const slow = Array.from({ length: 4 }, async () => {
			await database.run("lists", (sql) => sql`SELECT pg_sleep(0.5)`);
			over++;
		});
		expect(await one(database)).toBe(1);
		expect(over).toBeLessThan(4);
		await Promise.all(slow);
	});
});

describe("a ping", () => {
	test("takes one place among the statements, however many ask while it is under way", async () => {
		const { database } = await start();
		const held = deferred();
		// All connections of the lane: whatever comes now waits.
		const busy = Array.from({ length: 3 }, () => database.run("commands", () => held.promise));
		const pings = Array.from({ length: 1_500 }, () => database.ping());
		const all = Promise.all([one(database), ...pings, ...busy]);
		held.resolve();
		expect((await all)[0]).toBe(1);
	});

	test("that is over tells nobody who asks later", async () => {
		const way = await tunnel();
		const { database } = await start({ url: way.url });
		await database.ping();
		await way.refuse();
		await eventually(() => expect(database.ping()).rejects.toMatchObject({ code: 39905 }));
		await way.restore();
		await eventually(() => database.ping().then(() => true));
	});
});

describe("a database that is away (503/39905)", () => {
	test("is found out by the first statement, refused at once from then on, and found again", async () => {
		const way = await tunnel();
		const { database, said } = await start({ url: way.url });
		let returns = 0;
		let availableThen: boolean | null = null;
		const off = database.onReturn(() => {
			returns++;
			availableThen = database.available;
		});
		await one(database);
		await way.refuse();
		const begin = ownTime();
		await eventually(async () => {
			await expect(one(database)).rejects.toMatchObject({ code: 39905, values: { part: "database" } });
			return !database.available;
		});
		expect(ownTime() - begin).toBeLessThan(1_000);
		const refused = ownTime();
		for (let i = 0; i < 100; i++) await expect(one(database)).rejects.toMatchObject({ code: 39905 });
		expect(ownTime() - refused).toBeLessThan(200);
		await way.restore();
		const back = ownTime();
		await eventually(async () => (await one(database)) === 1);
		expect(ownTime() - back).toBeLessThan(5_000);
		expect([returns, availableThen], "listeners hear of it before the first caller is let through").toEqual([1, false]);
		expect(said).toEqual(["the database is away", "the database is back"]);
		off();
	});

	test("in a black hole is given up when a statement's time is over for those caught in it, and at once for the others", async () => {
		const way = await tunnel();
		const { database } = await start({ url: way.url, poolSize: 4, timeouts: SHORT });
		await one(database);
		way.swallow();
		const begin = ownTime();
		const caught = await Promise.allSettled(Array.from({ length: 20 }, () => one(database)));
		expect(ownTime() - begin).toBeLessThan(1000 * SHORT.commands + 1_000);
		for (const answer of caught) expect(answer).toMatchObject({ status: "rejected", reason: { code: 39905 } });
		const next = ownTime();
		await expect(one(database)).rejects.toMatchObject({ code: 39905 });
		expect(ownTime() - next).toBeLessThan(100);
		await way.restore();
		await eventually(async () => (await one(database)) === 1);
	});

	test("is not taken for silent by a process that stood still while the answer came", async () => {
		const { database } = await start({ poolSize: 8, timeouts: SHORT });
		const slow = database.run("commands", (sql) => sql`select pg_sleep(0.5)`);
		// It was sent when a later one has its answer.
		await one(database);
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
		await slow;
		expect(database.available).toBe(true);
	});

	test("can be stopped and started again while it is away", async () => {
		const way = await tunnel();
		const { database } = await start({ url: way.url });
		await way.refuse();
		await expect(one(database)).rejects.toMatchObject({ code: 39905 });
		await database.stop();
		await expect(database.start()).rejects.toThrow();
		await way.restore();
		await database.start();
		expect(await one(database)).toBe(1);
	});
});

import { describe, expect, it } from "vitest";
import { type HostAddress, HostLookups, lookupsAtOnce } from "../../server/preview/host-lookups.ts";
import { type Deferred, deferred, eventually } from "../support/signals.ts";
import { Camera } from "./camera.ts";
import { jpeg } from "./pictures.ts";
import { RelayUnderTest, refusal, stays } from "./relay-under-test.ts";

const here: readonly HostAddress[] = [{ address: "127.0.0.1", family: 4 }];

/** A system whose lookups the test settles, and that tells which are asked of it. */
class SlowSystem {
	readonly asked: string[] = [];
	readonly #under = new Map<string, Deferred<readonly HostAddress[]>>();

	readonly resolve = (hostname: string): Promise<readonly HostAddress[]> => {
		this.asked.push(hostname);
		const answer = deferred<readonly HostAddress[]>();
		this.#under.set(hostname, answer);
		return answer.promise;
	};

	answer(hostname: string, addresses = here): void {
		this.#under.get(hostname)?.resolve(addresses);
	}

	fail(hostname: string): void {
		this.#under.get(hostname)?.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));
	}
}

describe("lookups of names", () => {
	it("are shared by all who ask for the same name at the same time, and by nobody later", async () => {
		const system = new SlowSystem();
		const lookups = new HostLookups(system.resolve, 1);
		const all = Array.from({ length: 50 }, () => lookups.find("a", stays()));
		await eventually(() => system.asked.length === 1);
		system.answer("a");
		expect(await Promise.all(all)).toEqual(Array(50).fill(here));
		const again = lookups.find("a", stays());
		await eventually(() => system.asked.length === 2);
		system.fail("a");
		await expect(again).rejects.toThrow("no such name");
	});

	it("count until they settle, though nobody waits for them any more", async () => {
		const system = new SlowSystem();
		const lookups = new HostLookups(system.resolve, 2);
		const [leaving, gone] = [new AbortController(), new AbortController()];
		const left = ["a", "b"].map((name) => refusal(lookups.find(name, leaving.signal)));
		const never = refusal(lookups.find("nobody waits for it", gone.signal));
		const next = lookups.find("c", stays());
		leaving.abort();
		gone.abort();
		await Promise.all([...left, never]);
		// What joins a lookup that was left is answered by it.
		const joins = lookups.find("b", stays());
		expect(system.asked).toEqual(["a", "b"]);
		system.fail("a");
		await eventually(() => system.asked.length === 3);
		expect(system.asked).toEqual(["a", "b", "c"]);
		system.answer("b");
		system.answer("c");
		expect(await Promise.all([joins, next])).toEqual([here, here]);
	});

	it("wait in the order of their asking, 64 at most; more are 39905", async () => {
		const system = new SlowSystem();
		const lookups = new HostLookups(system.resolve, 1);
		const leaving = Array.from({ length: 65 }, () => new AbortController());
		const answers = leaving.map(({ signal }, number) => refusal(lookups.find(`n${number}`, signal)));
		expect(await refusal(lookups.find("one more", stays()))).toBe("39905 preview");
		system.answer("n0");
		await eventually(() => system.asked.length === 2);
		expect(system.asked).toEqual(["n0", "n1"]);
		for (const each of leaving) each.abort();
		await Promise.all(answers);
		system.answer("n1");
		const found = lookups.find("late", stays());
		await eventually(() => system.asked.length === 3);
		system.answer("late");
		expect(await found).toEqual(here);
	});

	it.each([
		[undefined, 1],
		["1", 1],
		["4", 1],
		["8", 3],
		["128", 63],
		["many", 1],
		["999999", 511],
	])("leave one of the threads that UV_THREADPOOL_SIZE %s gives to lookups for others: %i", (threads, atOnce) => {
		expect(lookupsAtOnce(threads)).toBe(atOnce);
	});
});

describe("the relay", () => {
	it("has one lookup under way for an agent whose name is not found in time, however often it is asked", async () => {
		const system = new SlowSystem();
		await using relay = await RelayUnderTest.start({ timeout: 0.05, resolve: system.resolve });
		for (let round = 0; round < 5; round++)
			expect(await refusal(relay.watch("s", `http://slow.example/${round}`, stays()))).toBe(
				"39010 the upstream did not answer in time",
			);
		expect(await refusal(relay.lastFrame("t", "http://other.example/", stays()))).toMatch(
			/^39010 the upstream .* in time$/,
		);
		expect(system.asked).toEqual(["slow.example"]);
	});

	it("needs no lookup for an address, and judges those that a shared one gave for each who asks", async () => {
		const system = new SlowSystem();
		await using camera = await Camera.http((response) => {
			response.writeHead(200, { "Content-Type": "image/jpeg" }).end(jpeg(1));
		});
		await using relay = await RelayUnderTest.start({ resolve: system.resolve });
		const url = camera.url("/", "agent.example");
		const [one, two] = ["a", "b"].map((stream) => refusal(relay.lastFrame(stream, url, stays())));
		await eventually(() => system.asked.length === 1);
		await relay.lastFrame("c", camera.url(), stays());
		system.answer("agent.example", [{ address: "203.0.113.7", family: 4 }]);
		const reason = "39010 the host 'agent.example' is not within the allowed networks";
		expect(await Promise.all([one, two])).toEqual([reason, reason]);
		expect(camera.connections).toBe(1);
		expect(system.asked).toEqual(["agent.example"]);
	});
});

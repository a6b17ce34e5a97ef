import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClientMessage, ServerMessage } from "../../client/console/protocol.ts";
import { pauseBefore } from "../../web-console/src/socket/backoff.ts";
import { Connection } from "../../web-console/src/socket/connection.ts";
import type { Heard, Question } from "../../web-console/src/socket/messages.ts";
import { PictureFeed } from "../../web-console/src/socket/picture-feed.ts";
import { decodePicture } from "../../web-console/src/socket/picture-frame.ts";
import type { WireEvents } from "../../web-console/src/socket/wire.ts";
import { HandClock } from "./hand-clock.ts";
import { idOf, rowsOf } from "./rows.ts";

/** A service of recorded messages behind the wire that a connection dials. */
class Recorded {
	readonly clock = new HandClock();
	readonly wires: { events: WireEvents; said: ClientMessage[]; open: boolean; bufferedAmount: number }[] = [];
	readonly connection = new Connection({
		dial: (events) => {
			const wire = { events, said: [] as ClientMessage[], open: true, bufferedAmount: 0 };
			this.wires.push(wire);
			return {
				send: (text) => wire.said.push(JSON.parse(text)),
				close: () => {
					wire.open = false;
				},
				get bufferedAmount() {
					return wire.bufferedAmount;
				},
			};
		},
		timers: this.clock,
		random: () => 1,
	});

	get wire() {
		return this.wires.at(-1)!;
	}

	tell(message: ServerMessage): void {
		this.wire.events.onText(JSON.stringify(message));
	}

	hello(boot_id = "boot", number = 0): void {
		this.tell({
			type: "hello",
			position: { boot_id, number },
			node_id: "node",
			version: "1.0.0",
			now: 0,
			caller: { name: "somebody", role: "operator" },
		});
		this.clock.pass(0);
	}

	break(code = 1006): void {
		this.wire.events.onClosed(code);
	}

	/** What was said on the present wire since the last look. */
	said(): ClientMessage[] {
		this.clock.pass(0);
		return this.wire.said.splice(0);
	}
}

function streams(recorded: Recorded) {
	const heard: Heard[] = [];
	const subscription = recorded.connection.subscribe({
		question: (since): Question => ({
			op: "streams",
			filter: {},
			order: "oldest",
			...(since === null ? {} : { since: { ...since, view_id: "v" } }),
		}),
		hear: (message) => heard.push(message),
	});
	return { heard, subscription };
}

const snapshot = (number: number): ServerMessage => ({
	type: "snapshot",
	sub: 1,
	view_id: "v",
	position: { boot_id: "boot", number },
	total: 2,
	listed: 2,
	rows: rowsOf(0, 2),
});
const changes = (number: number, sub = 1): ServerMessage => ({
	type: "changes",
	number,
	subs: [{ sub, rows: [], left: [], gone: [], appeared: 0 }],
});

describe("the connection", () => {
	test("asks everything that is subscribed when the service has said hello, and hears the answers", () => {
		const recorded = new Recorded();
		const { heard } = streams(recorded);
		recorded.connection.start();
		expect(recorded.connection.state.value).toBe("connecting");
		expect(recorded.said()).toEqual([]);
		recorded.hello();
		expect(recorded.connection.state.value).toBe("connected");
		expect(recorded.said()).toEqual([{ op: "streams", sub: 1, filter: {}, order: "oldest" }]);
		recorded.tell(snapshot(3));
		recorded.tell(changes(4));
		expect(heard.map(({ type }) => type)).toEqual(["snapshot", "changes"]);
	});

	test("comes back after a break and goes on from where each subscription stood", () => {
		const recorded = new Recorded();
		streams(recorded);
		recorded.connection.start();
		recorded.hello();
		recorded.tell(snapshot(3));
		recorded.tell(changes(9, 77));
		recorded.break();
		expect(recorded.connection.state.value).toBe("lost");
		recorded.clock.pass(400);
		expect(recorded.wires).toHaveLength(2);
		recorded.hello("boot", 40);
		expect(recorded.said()).toEqual([
			{ op: "streams", sub: 1, filter: {}, order: "oldest", since: { boot_id: "boot", number: 9, view_id: "v" } },
		]);
		recorded.break();
		recorded.clock.pass(400);
		recorded.hello("boot", 50);
		// Nothing was answered in between: it still stands where it stood, not where the service was.
		expect(recorded.said()).toMatchObject([{ since: { number: 9 } }]);
	});

	test("a question that was asked anew has nothing to go on from", () => {
		const recorded = new Recorded();
		const { subscription } = streams(recorded);
		recorded.connection.start();
		recorded.hello();
		recorded.tell(snapshot(3));
		subscription.ask();
		recorded.break();
		recorded.clock.pass(400);
		recorded.hello();
		expect(recorded.said()).toEqual([{ op: "streams", sub: 1, filter: {}, order: "oldest" }]);
	});

	test("waits longer after each failure, by chance, and never for long", () => {
		fc.assert(
			fc.property(fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
				const pause = pauseBefore(failures, random);
				const whole = Math.min(10_000, 400 * 2 ** failures);
				expect(pause).toBeGreaterThanOrEqual(Math.floor(whole / 4));
				expect(pause).toBeLessThanOrEqual(whole);
			}),
		);
	});

	test("once connected, the next break is the first again", () => {
		const recorded = new Recorded();
		recorded.connection.start();
		for (let round = 0; round < 5; round++) {
			recorded.break();
			recorded.clock.pass(10_000);
		}
		recorded.hello();
		recorded.break();
		const before = recorded.wires.length;
		recorded.clock.pass(400);
		expect(recorded.wires).toHaveLength(before + 1);
	});

	test("is not tried again while somebody has to log in, until it is asked to", () => {
		const recorded = new Recorded();
		recorded.connection.start();
		recorded.hello();
		recorded.break(4004);
		expect(recorded.connection.state.value).toBe("refused");
		recorded.clock.pass(60_000);
		expect(recorded.wires).toHaveLength(1);
		recorded.connection.retry();
		expect(recorded.wires).toHaveLength(2);
	});

	test("a wire that is silent is asked something, and given up when it stays so", () => {
		const recorded = new Recorded();
		recorded.connection.start();
		recorded.hello();
		recorded.clock.pass(20_000);
		expect(recorded.said()).toEqual([{ op: "counts", sub: 0 }]);
		const zeros = { pending: 0, in_progress: 0, done: 0, pause: 0, cancel: 0, failure: 0 };
		const history = { pending: [], in_progress: [], done: [], pause: [], cancel: [], failure: [] };
		recorded.tell({ type: "counts", sub: 0, counts: zeros, history });
		recorded.clock.pass(19_000);
		expect(recorded.connection.state.value).toBe("connected");
		recorded.clock.pass(31_000);
		expect(recorded.wires[0]?.open).toBe(false);
		expect(recorded.wires.length).toBeGreaterThan(1);
	});

	test("says only the newest of each kind while the browser's buffer is full", () => {
		const recorded = new Recorded();
		const { subscription } = streams(recorded);
		recorded.connection.start();
		recorded.hello();
		recorded.said();
		recorded.wire.bufferedAmount = 1_000_000;
		for (let number = 0; number < 1000; number++) subscription.say({ op: "watch", stream_ids: [idOf(number)] });
		expect(recorded.said()).toEqual([]);
		recorded.wire.bufferedAmount = 0;
		recorded.clock.pass(100);
		expect(recorded.said()).toEqual([{ op: "watch", sub: 1, stream_ids: [idOf(999)] }]);
	});

	test("what has ended is neither said nor heard nor asked again", () => {
		const recorded = new Recorded();
		const { heard, subscription } = streams(recorded);
		recorded.connection.start();
		recorded.hello();
		recorded.said();
		subscription.say({ op: "watch", stream_ids: [] });
		subscription.end();
		expect(recorded.said()).toEqual([{ op: "end", sub: 1 }]);
		recorded.tell(snapshot(3));
		expect(heard).toEqual([]);
		recorded.break();
		recorded.clock.pass(400);
		recorded.hello();
		expect(recorded.said()).toEqual([]);
	});

	test("stopped, it leaves no timer and no wire", () => {
		const recorded = new Recorded();
		recorded.connection.start();
		recorded.hello();
		recorded.connection.stop();
		expect(recorded.wire.open).toBe(false);
		expect(recorded.clock.waiting).toBe(0);
	});
});

describe("pictures", () => {
	const wanted = async (recorded: Recorded) => {
		await Promise.resolve();
		return recorded.said().flatMap((message) => (message.op === "pictures" ? [message.streams] : []));
	};
	const frameOf = (stream_id: string, time: number, body: number[]) => {
		const frame = new ArrayBuffer(26 + body.length);
		const bytes = new Uint8Array(frame);
		bytes.set([1, 0, ...Buffer.from(stream_id.replaceAll("-", ""), "hex")]);
		new DataView(frame).setFloat64(18, time);
		bytes.set(body, 26);
		return frame;
	};
	const connected = () => {
		const recorded = new Recorded();
		recorded.connection.start();
		recorded.hello();
		return { recorded, feed: new PictureFeed(recorded.connection) };
	};

	test("are asked for together, once for each stream, live when one of those who look wants it so", async () => {
		const { recorded, feed } = connected();
		const still = feed.want(idOf(1), "still", () => {});
		const live = feed.want(idOf(1), "live", () => {});
		feed.want(idOf(2), "still", () => {});
		expect(await wanted(recorded)).toEqual([
			[
				{ stream_id: idOf(1), rate: "live" },
				{ stream_id: idOf(2), rate: "still" },
			],
		]);
		live.end();
		expect((await wanted(recorded)).at(-1)?.[0]).toEqual({ stream_id: idOf(1), rate: "still" });
		still.end();
		expect((await wanted(recorded)).at(-1)).toEqual([{ stream_id: idOf(2), rate: "still" }]);
	});

	test("stop while nobody looks at the page, and are asked for again after a break", async () => {
		const { recorded, feed } = connected();
		feed.want(idOf(1), "still", () => {});
		await wanted(recorded);
		feed.pause(true);
		expect(await wanted(recorded)).toEqual([[]]);
		feed.pause(false);
		expect(await wanted(recorded)).toEqual([[{ stream_id: idOf(1), rate: "still" }]]);
		recorded.break();
		recorded.clock.pass(400);
		recorded.hello();
		expect(await wanted(recorded)).toEqual([[{ stream_id: idOf(1), rate: "still" }]]);
	});

	test("more than a socket may ask for: the live ones first", async () => {
		const { recorded, feed } = connected();
		for (let number = 0; number < 150; number++) feed.want(idOf(number), number === 149 ? "live" : "still", () => {});
		const [streams] = await wanted(recorded);
		expect(streams).toHaveLength(100);
		expect(streams?.[0]).toEqual({ stream_id: idOf(149), rate: "live" });
	});

	test("go to whoever wants that stream, and to nobody else", () => {
		const { recorded, feed } = connected();
		const seen: unknown[] = [];
		const wish = feed.want(idOf(1), "still", ({ time, type, bytes }) => seen.push([time, type, [...bytes]]));
		recorded.wire.events.onBinary(frameOf(idOf(1), 1234.5, [7, 8]));
		recorded.wire.events.onBinary(frameOf(idOf(2), 1, [9]));
		recorded.wire.events.onBinary(new ArrayBuffer(3));
		wish.end();
		recorded.wire.events.onBinary(frameOf(idOf(1), 2, [9]));
		expect(seen).toEqual([[1234.5, "image/jpeg", [7, 8]]]);
	});

	test("a frame of whatever form can be looked at", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
				const frame = new ArrayBuffer(bytes.length);
				new Uint8Array(frame).set(bytes);
				decodePicture(frame);
			}),
		);
	});
});

import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { Peers } from "../../server/http/peers.ts";

const bytes = (address: string) => new Uint8Array(ipaddr.parse(address).toByteArray()).buffer;
const peers = new Peers({ trustedProxies: ["10.0.0.0/8", "fd00::/8"], exempt: ["127.0.0.0/8", "::1/128"] });
const of = (address: string, header = "") => peers.of(bytes(address), () => header);

describe("a client is known by", () => {
	test.each([
		["203.0.113.9", "203.0.113.9", "203.0.113.9"],
		["2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
		["2001:db8:1:2:ffff::1", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"],
		["::ffff:203.0.113.9", "203.0.113.9", "203.0.113.9"],
		["127.0.0.1", "127.0.0.1", null],
		["::ffff:127.0.0.1", "127.0.0.1", null],
		["::1", "::1", null],
	])("its address: %s is %s, counted as %s", (address, text, counted) => {
		expect(of(address)).toMatchObject({ address: text, counted });
		// What is remembered is the same.
		expect(of(address)).toMatchObject({ address: text, counted });
	});

	test("nothing, when its connection has no address, whatever it says", () => {
		for (const address of [new ArrayBuffer(0), new ArrayBuffer(3)])
			expect(peers.of(address, () => "6.6.6.6")).toMatchObject({ address: "", counted: null });
	});

	test.each([
		["203.0.113.9", "203.0.113.9"],
		["6.6.6.6, 203.0.113.9", "203.0.113.9"],
		["6.6.6.6, 203.0.113.9, 10.1.1.1", "203.0.113.9"],
		["203.0.113.9:4711", "203.0.113.9"],
		["[2001:db8::7]:4711", "2001:db8::7"],
		["2001:db8::7, fd00::1", "2001:db8::7"],
		["[2001:db8::7]", "2001:db8::7"],
		["x[2001:db8::7]:4711", "10.0.0.1"],
		["203.0.113.9:4711x", "10.0.0.1"],
		["", "10.0.0.1"],
		["unknown", "10.0.0.1"],
		["6.6.6.6, unknown, 10.1.1.1", "10.1.1.1"],
		["10.1.1.1, 10.1.1.2", "10.1.1.1"],
	])("what a trusted proxy says: %j is %s", (header, address) => {
		expect(of("10.0.0.1", header).address).toBe(address);
	});

	test("its own address, whatever it says, when it is no trusted proxy", () => {
		const never = () => {
			throw new Error("the header is not asked for");
		};
		expect(peers.of(bytes("203.0.113.9"), never).address).toBe("203.0.113.9");
	});
});

test("of a thousand addresses it is remembered what they are, and of no more", () => {
	const own = new Peers({ trustedProxies: [], exempt: [] });
	const address = (at: number) => bytes(`10.0.${at >> 8}.${at & 255}`);
	const look = (at: number) => own.of(address(at), () => "");
	const all = Array.from({ length: 1_000 }, (_, at) => look(at));
	expect(all.every((known, at) => look(at) === known)).toBe(true);
	look(1_000);
	expect(look(0)).not.toBe(all[0]);
	expect(look(0)).toEqual(all[0]);
	expect(look(0)).toBe(look(0));
});

test("whatever stands in the header, there is an address, and the client cannot choose it", () => {
	fc.assert(
		fc.property(fc.string(), fc.ipV4(), (said, address) => {
			fc.pre(!address.startsWith("10."));
			expect(of("10.0.0.1", `${said},${address}`).address).toBe(ipaddr.parse(address).toString());
			expect(ipaddr.isValid(of("10.0.0.1", said).address)).toBe(true);
		}),
	);
});

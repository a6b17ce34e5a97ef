import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultNetworks, isAllowed, literalAddress, parseNetworks } from "../../server/preview/address-rules.ts";
import { newSeed } from "../support/seeded-random.ts";

const usual = parseNetworks(defaultNetworks);
const everything = parseNetworks(["0.0.0.0/0", "::/0"]);
const seed = newSeed();
console.log(`address rules: seed ${seed}`);

/** The forms in which an IPv6 address carries or stands for an IPv4 address. */
const forms: Record<string, (v4: string) => string> = {
	mapped: (v4) => `::ffff:${v4}`,
	compatible: (v4) => `::${v4}`,
	translated: (v4) => `::ffff:0:${v4}`,
	nat64: (v4) => `64:ff9b::${v4}`,
	"6to4": (v4) => {
		const [a, b, c, d] = v4.split(".").map(Number) as [number, number, number, number];
		return `2002:${hex(a, b)}:${hex(c, d)}::1`;
	},
	"teredo client": (v4) => {
		const [a, b, c, d] = v4.split(".").map((byte) => Number(byte) ^ 0xff) as [number, number, number, number];
		return `2001:0:101:101:0:0:${hex(a, b)}:${hex(c, d)}`;
	},
	isatap: (v4) => `2001:db8::5efe:${v4}`,
	"isatap of a public address": (v4) => `2001:db8::200:5efe:${v4}`,
};

function hex(high: number, low: number): string {
	return ((high << 8) | low).toString(16);
}

const neverV4 = ["169.254.169.254", "169.254.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.255.255.255"].concat([
	"255.255.255.255",
	"100.100.100.200",
	"192.0.0.192",
]);

describe("the address of a preview's upstream", () => {
	it.each(
		["127.0.0.1", "127.255.0.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"].concat([
			"::1",
			"fc00::1",
			"fd12:3456::9",
			"::ffff:10.1.2.3",
			"::ffff:7f00:1",
		]),
	)("%s lies in the default networks", (address) => {
		expect(isAllowed(address, usual)).toBe(true);
	});

	it.each(
		["8.8.8.8", "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.64.0.1", "11.0.0.1", "2001:db8::1"].concat([
			"::ffff:8.8.8.8",
			"::10.0.0.1",
			"64:ff9b::10.0.0.1",
			"2002:a00:1::",
			"fec0::1",
			"::2",
		]),
	)("%s does not", (address) => {
		expect(isAllowed(address, usual)).toBe(false);
	});

	it.each([
		...neverV4,
		"::",
		"fe80::1",
		"febf::1",
		"ff02::1",
		"fd00:ec2::254",
		"64:ff9b:1::a00:1",
		"fd00:0ec2:0:0:0:0:0:0254",
	])("%s is never allowed, whatever the networks are", (address) => {
		expect(isAllowed(address, everything)).toBe(false);
		expect(isAllowed(address, parseNetworks([`${address}/${address.includes(":") ? 128 : 32}`]))).toBe(false);
	});

	it.each(Object.entries(forms))("nor is one of them %s in an IPv6 address", (_form, write) => {
		for (const address of neverV4) {
			expect(isAllowed(write(address), everything), write(address)).toBe(false);
			expect(isAllowed(write("9.9.9.9"), everything), write("9.9.9.9")).toBe(true);
		}
	});

	it.each(["0:1:5efe", "100:5efe", "1:5efe", "5eff", "5dfe"].map((id) => `2001:db8::${id}:169.254.169.254`))(
		"%s carries no IPv4 address",
		(address) => {
			expect(isAllowed(address, everything)).toBe(true);
		},
	);

	it("is in a network that is written as IPv4-mapped if it is in the one that it maps", () => {
		for (const address of ["10.1.2.3", "::ffff:10.1.2.3"]) {
			expect(isAllowed(address, parseNetworks(["::ffff:10.0.0.0/104"]))).toBe(true);
			expect(isAllowed(address, parseNetworks(["::ffff:0:0/96"]))).toBe(true);
			expect(isAllowed(address, parseNetworks(["::ffff:11.0.0.0/104"]))).toBe(false);
			// Of what is wider only a part would be mapped.
			expect(isAllowed(address, parseNetworks(["::ffff:0:0/95"]))).toBe(false);
		}
	});

	it.each(["fe80::1%eth0", "fd00::1%eth0", "localhost", "", "10.0.0", "0x7f.1", "10.0.0.1/8", "[::1]", " 10.0.0.1"])(
		"'%s' is not an address",
		(text) => {
			expect(isAllowed(text, everything)).toBe(false);
		},
	);

	it("is judged alike as IPv4 and as IPv4-mapped IPv6, for all addresses", () => {
		fc.assert(
			fc.property(fc.ipV4(), (address) => {
				expect(isAllowed(`::ffff:${address}`, usual)).toBe(isAllowed(address, usual));
				expect(isAllowed(`::ffff:${address}`, everything)).toBe(isAllowed(address, everything));
			}),
			{ seed },
		);
	});

	it("is never one of the never, for all of their addresses and forms", () => {
		const byte = fc.integer({ min: 0, max: 255 });
		const never = fc.oneof(
			fc.tuple(fc.constant(0), byte, byte, byte),
			fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
			fc.tuple(fc.integer({ min: 224, max: 239 }), byte, byte, byte),
		);
		fc.assert(
			fc.property(never, fc.constantFrom(...Object.values(forms)), (bytes, write) => {
				const address = bytes.join(".");
				expect(isAllowed(address, everything)).toBe(false);
				// ::0.0.0.1 is the loopback address of IPv6 and no IPv4 address.
				if (write(address) !== "::0.0.0.1") expect(isAllowed(write(address), everything)).toBe(false);
			}),
			{ seed },
		);
	});

	it("is within the default networks for exactly the private and loopback IPv4 addresses", () => {
		fc.assert(
			fc.property(fc.ipV4(), (address) => {
				const [a, b] = address.split(".").map(Number) as [number, number];
				const inside = a === 127 || a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168);
				expect(isAllowed(address, usual)).toBe(inside);
			}),
			{ seed },
		);
	});

	it.each([
		["http://2130706433/", "127.0.0.1"],
		["http://0x7f000001/", "127.0.0.1"],
		["http://0177.0.0.1/", "127.0.0.1"],
		["http://127.1/", "127.0.0.1"],
		["http://0xA9.0xFE.0xA9.0xFE/", "169.254.169.254"],
		["http://2852039166/", "169.254.169.254"],
		["http://0/", "0.0.0.0"],
		["http://169.254.169.254./", "169.254.169.254"],
		["http://①⑥⑨.254.169.254/", "169.254.169.254"],
		["http://[::ffff:169.254.169.254]/", "::ffff:a9fe:a9fe"],
		["http://[0:0:0:0:0:ffff:a9fe:a9fe]/", "::ffff:a9fe:a9fe"],
		["http://[::1]:80/", "::1"],
		["http://camera.local/", null],
	])("%s names %s", (url, address) => {
		expect(literalAddress(new URL(url))).toBe(address);
	});

	it.each(["10.0.0.0", "10.0.0.0/33", "x/8", "/8", "", "0x0a.0/8", "fc00::/129", "10.0.0.0/8 ", "0/10.0.0.0/8"])(
		"the network '%s' is refused by name",
		(cidr) => {
			expect(() => parseNetworks(["127.0.0.0/8", cidr])).toThrow(`'${cidr}' is not a network`);
		},
	);
});

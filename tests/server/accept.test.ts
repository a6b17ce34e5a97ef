import { expect, test } from "vitest";
import { acceptedEncoding, acceptedType } from "../../server/accept.ts";

const offered = ["application/json", "application/msgpack"] as const;

test("of an Accept the first 512 characters count", () => {
	const others = (count: number) => "a/b, ".repeat(count);
	expect(acceptedType(`${others(90)}application/msgpack`, offered)).toBe("application/msgpack");
	expect(acceptedType(`application/msgpack, ${others(700)}application/json`, offered)).toBe("application/msgpack");
	expect(acceptedType(`application/json;q=0.5, ${others(700)}application/msgpack`, offered)).toBe("application/json");
	expect(acceptedType(`${others(700)}application/msgpack`, offered)).toBeUndefined();
	expect(acceptedType("a".repeat(600), offered)).toBeUndefined();
	expect(acceptedEncoding(`gzip, ${"x, ".repeat(700)}br`, ["br", "gzip"])).toBe("gzip");
});

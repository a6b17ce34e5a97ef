import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutCredentials } from "../../web-console/src/masking.ts";

describe("a reference never shows credentials", () => {
	test.each([
		["rtsp://user:secret@10.0.0.5:554/stream1", "rtsp://********@10.0.0.5:554/stream1"],
		["rtsp://user@camera/stream1", "rtsp://********@camera/stream1"],
		["rtsp://user:p@ss@camera/x", "rtsp://********@camera/x"],
		["rtsp://user:p/a?s@camera/x", "rtsp://********@camera/x"],
		[
			"http://camera/video?user=a&password=b&channel=1",
			"http://camera/video?user=********&password=********&channel=1",
		],
		["https://camera/live#access_token=abc", "https://camera/live#access_token=********"],
	])("%s", (reference, shown) => {
		expect(withoutCredentials(reference)).toBe(shown);
	});

	test.each([
		"rtsp://127.0.0.1:8554/gate",
		"rtsp://[::1]:8554/gate",
		"udp://127.0.0.1:5000",
		"http://camera/a@b?channel=1",
		"/data/archive/day@night.mp4",
		"C:\\video\\a.mp4",
		"",
	])("what holds none stays as it is: %s", (reference) => {
		expect(withoutCredentials(reference)).toBe(reference);
	});

	test("whatever the password is, no whole of it is left", () => {
		fc.assert(
			fc.property(fc.string({ minLength: 4, maxLength: 20, unit: "grapheme-ascii" }), (password) => {
				const secret = `Q${password}Z`;
				expect(withoutCredentials(`rtsp://admin:${secret}@camera.local/main`)).not.toContain(secret);
			}),
		);
	});
});

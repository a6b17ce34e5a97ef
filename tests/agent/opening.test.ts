import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folders } from "../../agent/source/folders.ts";
import { openingOf } from "../../agent/source/opening.ts";
import { findPictures } from "../../agent/source/pictures.ts";
import { SourceError } from "../../agent/source-errors.ts";

let media = "";
let folders = new Folders([]);

async function kindOf(promise: Promise<unknown>): Promise<string> {
	try {
		await promise;
		return "opened";
	} catch (error) {
		if (error instanceof SourceError) return error.kind;
		throw error;
	}
}
const open = (type: string, reference: string, httpFiles = false) =>
	openingOf(type, reference, { folders, httpFiles, timeout: 1000 });

beforeAll(async () => {
	const root = await realpath(await mkdtemp(join(tmpdir(), "opening-")));
	media = join(root, "media");
	folders = new Folders([media]);
	await mkdir(join(media, "pictures/deeper"), { recursive: true });
	await mkdir(join(root, "media-2"));
	for (const name of [
		"media/a.mp4",
		"media-2/b.mp4",
		"media/pictures/2.jpg",
		"media/pictures/10.png",
		"media/pictures/notes.txt",
	])
		await writeFile(join(root, name), "x");
	await symlink("/etc/passwd", join(media, "passwd.mp4"));
	await symlink(join(root, "media-2"), join(media, "away"));
	await symlink(join(media, "a.mp4"), join(media, "inside.mp4"));
	await mkdir(join(media, "links"));
	await symlink("/etc/passwd", join(media, "links/a.jpg"));
});
afterAll(() => rm(join(media, ".."), { recursive: true, force: true }));

describe("a local reference", () => {
	test("is found below the folders: absolute, relative, as file: address, or by a link that stays inside", async () => {
		for (const reference of [join(media, "a.mp4"), "a.mp4", `file://${media}/a.mp4`, "inside.mp4", "pictures/../a.mp4"])
			expect((await open("videofile", reference)).url).toBe(`file:${join(media, "a.mp4")}`);
	});

	test("outside the folders is forbidden whether it exists or not, whatever leads there", async () => {
		const outside = ["/etc/passwd", "/etc/absent", "../media-2/b.mp4", "../../../etc/passwd", `${media}-2/b.mp4`];
		for (const reference of [...outside, "passwd.mp4", "away/b.mp4", "file:///etc/passwd", "file:/etc/passwd"])
			expect([reference, await kindOf(open("videofile", reference))]).toEqual([reference, "forbidden_path"]);
		expect(await kindOf(findPictures("links", folders))).toBe("forbidden_path");
		expect(await kindOf(findPictures("/etc/*.jpg", folders))).toBe("forbidden_path");
	});

	test("without folders is forbidden", async () => {
		folders = new Folders([]);
		expect(await kindOf(open("videofile", "a.mp4"))).toBe("forbidden_path");
		folders = new Folders([media]);
	});

	test("that is absent, a folder, or holds a zero character is an error", async () => {
		expect(await kindOf(open("videofile", "absent.mp4"))).toBe("file_not_found");
		expect(await kindOf(open("videofile", "pictures"))).toBe("bad_reference");
		expect(await kindOf(open("videofile", "a.mp4\0.jpg"))).toBe("bad_reference");
	});
});

describe("images", () => {
	const names = async (reference: string) =>
		(await findPictures(reference, folders)).map((path) => path.slice(media.length + 1));

	test("of a folder come in the order of their names, without what is no picture", async () => {
		expect(await names("pictures")).toEqual(["pictures/10.png", "pictures/2.jpg"]);
	});

	test("are chosen by * and ? and %d in the last part", async () => {
		expect(await names("pictures/*.jpg")).toEqual(["pictures/2.jpg"]);
		expect(await names("pictures/??.png")).toEqual(["pictures/10.png"]);
		expect(await names("pictures/%02d.png")).toEqual(["pictures/10.png"]);
		expect(await names(`file://${media}/pictures/2.jpg`)).toEqual(["pictures/2.jpg"]);
		expect(await kindOf(findPictures("pictures/*.bmp", folders))).toBe("no_pictures");
	});
});

describe("a source gets only the protocols that its type needs", () => {
	test.each([
		["tcp", "rtsp://camera/1", "tcp"],
		["tcp", "rtsps://camera/1", "tls,tcp"],
		["tcp", "tcp://127.0.0.1:5000", "tcp"],
		["tcp", "rtmp://server/live", "rtmp,tcp"],
		["tcp", "https://server/live.m3u8", "http,https,tcp,tls,crypto"],
		["udp", "rtsp://camera/1", "udp,rtp,tcp"],
		["udp", "udp://239.0.0.1:1234", "udp"],
		["udp", "rtp://239.0.0.1:1234", "rtp,udp"],
		["videofile", "a.mp4", "file"],
	])("%s %s", async (type, reference, protocols) => {
		expect((await open(type, reference)).options["protocol_whitelist"]).toBe(protocols);
	});

	test("the type of an rtsp source is its transport", async () => {
		expect((await open("tcp", "rtsp://camera/1")).options["rtsp_transport"]).toBe("tcp");
		expect((await open("udp", "rtsp://camera/1")).options["rtsp_transport"]).toBe("udp");
	});

	test("others are forbidden, and so is listening", async () => {
		for (const reference of [
			"file:///etc/passwd",
			"udp://127.0.0.1:9",
			"ftp://127.0.0.1/a",
			"unix:///run/x",
			"data://x",
			"async://x",
		])
			expect([reference, await kindOf(open("tcp", reference))]).toEqual([reference, "forbidden_protocol"]);
		expect(await kindOf(open("udp", "tcp://127.0.0.1:9"))).toBe("forbidden_protocol");
		for (const reference of ["concat:a.mp4|a.mp4", "http://127.0.0.1/a.mp4", "data:video/mp4;base64,AA=="])
			expect([reference, await kindOf(open("videofile", reference))]).toEqual([reference, "forbidden_protocol"]);
		expect(await kindOf(open("tcp", "/dev/video0"))).toBe("bad_reference");
		expect(await kindOf(open("tcp", "tcp://0.0.0.0:5000?listen=1"))).toBe("bad_reference");
		expect(await kindOf(open("tcp", "rtsp://camera/1\r\nX: y"))).toBe("bad_reference");
		expect(await kindOf(open("camera", "/dev/video0"))).toBe("unsupported_type");
	});

	test("a videofile may be an http address where the agent was told so", async () => {
		const opening = await open("videofile", "http://server/a.mp4", true);
		expect(opening).toMatchObject({ live: false, url: "http://server/a.mp4" });
		expect(opening.options["format_whitelist"]).not.toContain("hls");
	});
});

/** A JPEG of 16 by 16 pixels, as FFmpeg encodes one frame of its test picture. */
const smallest = Buffer.from(
	"/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzYyLjM2LjEwMQD/2wBDAAgEBAQEBAUFBQUFBQYGBgYGBgYGBgYGBgYHBwcICAgHBwcGBgcHCAgICAkJCQgICAgJCQoKCgwMCwsODg4RERT/xABrAAEBAQAAAAAAAAAAAAAAAAAFAwcBAQEAAAAAAAAAAAAAAAAAAAAGEAABAwQCAgMBAAAAAAAAAAADAQQCEhEFEwYUACEWIhUkEQACAgIABgMBAAAAAAAAAAAEAgMBEwUGABEhMSMHMhQS/8AAEQgAEAAQAwEiAAIRAAMRAP/aAAwDAQACEQMRAD8Ay40+RPc05ZYxakCJXE6usMQAjDGZTGO4pGIcb+5lJGN1SN7qieW4j8747nZAZfzOVaQf7U/PM1VmoSqjtHRNjNW9M1juQuutaL1+vGeNFARxy3HqPtOHP4hxMUmoyPRM5bXIhTT3Xq9pGFyql1hFbL4jjnWPhw2PGOlqyaVZL44rgiuhsp5aT6LNT2q7HS+2pV7lH3UV/G1+WOJjSTlgUmIYggdbG/XNLUEBSXMxL++BWGGu8V1cMcXX7Tp45oN7w+Mxe0FnKkIwQ7ge/P8AMtPUwzg0mKelYiDvaU0jXG3TAy9+f//Z",
	"base64",
);

/**
 * A real JPEG that differs from every other by its number and has the given size (up to 60 KB more per comment): they
 * stand in comment segments, which every decoder passes over.
 */
export function jpeg(number: number, size = 0): Buffer {
	const comments: Buffer[] = [comment(Buffer.from(`picture ${number}`))];
	for (let left = size - smallest.byteLength; left > 0; left -= 60_000)
		comments.push(comment(Buffer.alloc(Math.min(left, 60_000), number % 251)));
	return Buffer.concat([smallest.subarray(0, 2), ...comments, smallest.subarray(2)]);
}

/** The number that a picture of `jpeg` was made with. */
export function numberOf(picture: Uint8Array): number {
	return Number(/picture (\d+)/.exec(Buffer.from(picture).subarray(0, 64).toString("latin1"))?.[1] ?? -1);
}

function comment(text: Buffer): Buffer {
	const head = Buffer.from([0xff, 0xfe, 0, 0]);
	head.writeUInt16BE(text.byteLength + 2, 2);
	return Buffer.concat([head, text]);
}

export const png = Buffer.from(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
	"base64",
);

/** An AVIF of 8 by 6 pixels, as libavif encodes it. */
export const avif = Buffer.from(
	"AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAETAAAAIgAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAABqaXBycAAAAEtpcGNvAAAAFGlzcGUAAAAAAAAACAAAAAYAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEADQAGgAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAAKm1kYXQSAAoIGAi9bICGg0IyFB7Hh4VZwAAsAAAAkDWOPGdHTJdM",
	"base64",
);

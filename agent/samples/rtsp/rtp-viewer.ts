import { randomBytes } from "node:crypto";
import { PICTURE } from "../scenes.ts";
import { RTP_CLOCK, type RtpPicture } from "./rtp-clip.ts";

const TICKS_PER_PICTURE = RTP_CLOCK / PICTURE.fps;
const PICTURES_PER_REPORT = 5 * PICTURE.fps;
/** Seconds between the epochs of NTP (1900) and Unix (1970). */
const NTP_EPOCH = 2_208_988_800;
const CNAME = "samples@localhost";

/** Where a viewer's packets go. */
export interface RtpOutlet {
	/** False while the viewer is so far behind that it must miss pictures. */
	ready(): boolean;
	rtp(packet: Buffer): void;
	rtcp(packet: Buffer): void;
}

/**
 * One viewer of a clip: gives it pictures from a key picture on, under its own SSRC, sequence numbers and timestamps
 * (all begin at random, RFC 3550, section 5.1), with a sender report at the beginning and every five seconds.
 * A viewer that is not ready misses pictures up to the next key picture; nothing is kept for it.
 */
export class RtpViewer {
	readonly #outlet: RtpOutlet;
	readonly #ssrc = randomBytes(4).readUInt32BE();
	readonly #firstTimestamp = randomBytes(4).readUInt32BE();
	#sequence = randomBytes(2).readUInt16BE();
	#begun = false;
	#packets = 0;
	#bytes = 0;
	#untilReport = 0;

	constructor(outlet: RtpOutlet) {
		this.#outlet = outlet;
	}

	/** Sequence number of the next packet, for RTP-Info. */
	get nextSequence(): number {
		return this.#sequence;
	}

	/** @param number the picture's place in time: one more is 1/fps later */
	show(picture: RtpPicture, number: number): void {
		if (!this.#outlet.ready()) this.#begun = false;
		else if (picture.key) this.#begun = true;
		if (!this.#begun) return;

		const timestamp = (this.#firstTimestamp + number * TICKS_PER_PICTURE) % 2 ** 32;
		if (this.#untilReport === 0) {
			this.#outlet.rtcp(this.#report(timestamp));
			this.#untilReport = PICTURES_PER_REPORT;
		}
		this.#untilReport -= 1;
		for (const packet of picture.packets) this.#send(packet, timestamp);
	}

	/** Tells the viewer that nothing follows (RTCP BYE). */
	end(): void {
		if (this.#packets === 0) return;
		const bye = Buffer.alloc(8);
		bye.writeUInt8(0x81, 0);
		bye.writeUInt8(203, 1);
		bye.writeUInt16BE(1, 2);
		bye.writeUInt32BE(this.#ssrc, 4);
		this.#outlet.rtcp(Buffer.concat([this.#report(this.#firstTimestamp), bye]));
		this.#packets = 0;
	}

	#send(template: Buffer, timestamp: number): void {
		const packet = Buffer.from(template);
		packet.writeUInt16BE(this.#sequence, 2);
		packet.writeUInt32BE(timestamp, 4);
		packet.writeUInt32BE(this.#ssrc, 8);
		this.#sequence = (this.#sequence + 1) & 0xffff;
		this.#packets = (this.#packets + 1) % 2 ** 32;
		this.#bytes = (this.#bytes + packet.length - 12) % 2 ** 32;
		this.#outlet.rtp(packet);
	}

	/** A sender report and the name that goes with every compound packet (RFC 3550, sections 6.4.1 and 6.5). */
	#report(timestamp: number): Buffer {
		const now = Date.now();
		const words = 2 + Math.ceil((2 + CNAME.length + 1) / 4);
		const report = Buffer.alloc(28 + words * 4);
		report.writeUInt8(0x80, 0);
		report.writeUInt8(200, 1);
		report.writeUInt16BE(6, 2);
		report.writeUInt32BE(this.#ssrc, 4);
		report.writeUInt32BE((Math.floor(now / 1000) + NTP_EPOCH) % 2 ** 32, 8);
		report.writeUInt32BE(Math.floor(((now % 1000) / 1000) * 2 ** 32), 12);
		report.writeUInt32BE(timestamp, 16);
		report.writeUInt32BE(this.#packets, 20);
		report.writeUInt32BE(this.#bytes, 24);
		report.writeUInt8(0x81, 28);
		report.writeUInt8(202, 29);
		report.writeUInt16BE(words - 1, 30);
		report.writeUInt32BE(this.#ssrc, 32);
		report.writeUInt8(1, 36);
		report.writeUInt8(CNAME.length, 37);
		report.write(CNAME, 38, "ascii");
		return report;
	}
}

import "./disposables.ts";
import { Demuxer, Muxer } from "node-av/api";
import type { Packet } from "node-av/lib";
import { Pacer } from "./pacer.ts";
import type { Part } from "./part.ts";
import { PICTURE } from "./scenes.ts";

const HOST = "127.0.0.1";
/** Seven packets of a transport stream, what fits an Ethernet frame. */
const DATAGRAM = 1316;

export interface TransportStreamOptions {
	/** The clip that is played in a loop. */
	readonly file: string;
	/** The UDP port on the loopback that it is sent to, whether somebody listens or not. */
	readonly port: number;
}

/**
 * A camera of the plainest kind: MPEG-TS over UDP to the loopback, sent whether somebody listens or not. The clip's
 * packets are read once and muxed anew all the time, so that time stamps and counters go on over the loop's end.
 */
export class TransportStream implements Part {
	readonly name = "mpeg-ts";
	readonly #options: TransportStreamOptions;
	#stopPlaying: (() => Promise<void>) | undefined;

	constructor(options: TransportStreamOptions) {
		this.#options = options;
	}

	/** The address at which a reader listens. */
	get url(): string {
		return `udp://${HOST}:${this.#options.port}`;
	}

	async start(): Promise<void> {
		if (this.#stopPlaying !== undefined) return;
		const input = await Demuxer.open(this.#options.file);
		const packets: Packet[] = [];
		const free = async () => {
			for (const packet of packets) packet.free();
			await input.close();
		};
		try {
			const stream = input.video();
			if (stream === undefined) throw new Error(`${this.#options.file} holds no video.`);
			for await (using packet of input.packets(stream.index)) {
				const kept = packet?.clone();
				if (kept != null) packets.push(kept);
			}
			const output = await Muxer.open(`${this.url}?pkt_size=${DATAGRAM}`, {
				format: "mpegts",
				options: { flush_packets: 1 },
			});
			const track = output.addStream(stream);
			const { num, den } = stream.timeBase;
			this.#stopPlaying = play(packets, den / num / PICTURE.fps, output, track, free);
		} catch (error) {
			await free();
			throw error;
		}
	}

	async stop(): Promise<void> {
		const stopPlaying = this.#stopPlaying;
		this.#stopPlaying = undefined;
		await stopPlaying?.();
	}
}

/** @param step the time from one picture to the next, in the stream's time base */
function play(packets: Packet[], step: number, output: Muxer, track: number, free: () => Promise<void>) {
	let writing: Promise<void> = Promise.resolve();
	let busy = false;
	const pacer = new Pacer((number) => {
		const template = packets[number % packets.length];
		if (busy || template === undefined) return; // The muxer is behind: this picture is left out.
		const packet = template.clone();
		if (packet === null) return;
		const time = BigInt(Math.round(number * step));
		packet.pts = time;
		packet.dts = time;
		busy = true;
		writing = output
			.writePacket(packet, track)
			// Nobody listens there, or the system is out of buffers: the next picture is another attempt.
			.catch(() => undefined)
			.finally(() => {
				packet.free();
				busy = false;
			});
	});
	pacer.start();
	return async () => {
		pacer.stop();
		await writing;
		await output.close();
		await free();
	};
}

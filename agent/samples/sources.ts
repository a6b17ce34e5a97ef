import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeClip, makeStills } from "./encoding.ts";
import { IntermittentSource, type Spell } from "./intermittent.ts";
import type { Part } from "./part.ts";
import { choosePorts } from "./ports.ts";
import { readRtpClip } from "./rtsp/rtp-clip.ts";
import { RtspServer } from "./rtsp/server.ts";
import { LIVE_SCENES, RECORDING, STILLS } from "./scenes.ts";
import { TransportStream } from "./transport-stream.ts";

/** Changes when the scenes or their encoding do, so that files of an older kind are not taken for these. */
const RECIPE = "1";

/**
 * The camera at the dock dies 8 s after somebody begins to watch it and is away for 10 s, which takes two attempts to
 * come back. From then on it is there for 80 s at a time: longer than the period (60 s) after which a stream counts as
 * healthy again, so that the attempts never run out.
 */
const DOCK_SPELLS: readonly [Spell, ...Spell[]] = [
	{ upMs: 8_000, downMs: 10_000 },
	{ upMs: 80_000, downMs: 10_000 },
];

/** What a stream's `reference` has to be to read each of them. */
export interface SampleAddresses {
	/** RTSP, endless. */
	readonly gate: string;
	/** RTSP, endless. */
	readonly yard: string;
	/** MPEG-TS over UDP, endless. */
	readonly lobby: string;
	/** RTSP, dies and comes back. */
	readonly dock: string;
	/** A finite video file of 24 s. */
	readonly archive: string;
	/** A folder of 24 JPEG pictures. */
	readonly stills: string;
}

/**
 * All sample sources. Their files are made at the first start, in a few seconds, and kept; the cameras then send what
 * is in the files, which costs next to nothing.
 */
export class SampleSources implements Part {
	readonly name = "samples";
	readonly #folder: string;
	readonly #parts: Part[] = [];
	#addresses: SampleAddresses | undefined;

	/** @param folder where the files are made and the ports are kept */
	constructor(folder: string) {
		this.#folder = resolve(folder);
	}

	/** @throws before the start */
	get addresses(): SampleAddresses {
		if (this.#addresses === undefined) throw new Error("The sample sources have not been started.");
		return this.#addresses;
	}

	async start(): Promise<void> {
		if (this.#addresses !== undefined) return;
		await this.#removeParts();
		const clip = (name: string) => join(this.#folder, `${name}-${RECIPE}.mp4`);
		const stills = join(this.#folder, `${STILLS.name}-${RECIPE}`);
		for (const scene of [...Object.values(LIVE_SCENES), RECORDING]) await makeClip(scene, clip(scene.name));
		await makeStills(STILLS, stills);

		const ports = await choosePorts(join(this.#folder, "ports.json"));
		const cameras = new RtspServer({
			port: ports.cameras,
			clips: new Map([
				["gate", await readRtpClip(clip(LIVE_SCENES.gate.name))],
				["yard", await readRtpClip(clip(LIVE_SCENES.yard.name))],
			]),
		});
		const dock = new IntermittentSource({
			port: ports.dock,
			path: "dock",
			clip: await readRtpClip(clip(LIVE_SCENES.dock.name)),
			spells: DOCK_SPELLS,
		});
		const lobby = new TransportStream({ file: clip(LIVE_SCENES.lobby.name), port: ports.lobby });
		try {
			for (const part of [cameras, dock, lobby]) {
				this.#parts.unshift(part);
				await part.start();
			}
		} catch (error) {
			await this.stop();
			throw error;
		}
		this.#addresses = {
			gate: cameras.url("gate"),
			yard: cameras.url("yard"),
			lobby: lobby.url,
			dock: dock.url,
			archive: clip(RECORDING.name),
			stills,
		};
	}

	async stop(): Promise<void> {
		this.#addresses = undefined;
		for (const part of this.#parts.splice(0)) await part.stop();
	}

	/** What an earlier start that was cut off had half made. */
	async #removeParts(): Promise<void> {
		await mkdir(this.#folder, { recursive: true });
		const names = await readdir(this.#folder);
		for (const name of names.filter((one) => one.endsWith(".part"))) {
			await rm(join(this.#folder, name), { recursive: true, force: true });
		}
	}
}

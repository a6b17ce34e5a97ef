import type { SampleAddresses } from "../../agent/samples/sources.ts";
import { Refused, type SeenStream, type ServiceApi } from "./service-api.ts";

export const GROUP = "demo";
/** The account that the demo's streams belong to; they are known by it and their names from run to run. */
export const ACCOUNT = "6a1d0c52-7a3e-4a51-9d0b-3f5b1f0c7de0";
/** Some handler has to be named; the demo has no best shots to send to it. */
const HANDLER = "0d2f6c1e-58c4-4c0f-8f0a-b2c1a9e6d4f7";
const GROUP_EXISTS = 39006;
const CONFLICTS: readonly number[] = [39003, 39004, 39005];

export interface DemoStream {
	readonly name: string;
	/** What it shows, for whoever reads the terminal. */
	readonly about: string;
	readonly body: object;
}

/** The demo's streams, reading the sample sources at these addresses. */
export function demoStreams(at: SampleAddresses): DemoStream[] {
	return [
		stream("Gate", "a camera, RTSP over TCP", { type: "tcp", reference: at.gate }),
		stream("Yard", "a camera, RTSP over UDP", { type: "udp", reference: at.yard }),
		stream("Lobby", "a camera, MPEG-TS over UDP", { type: "udp", reference: at.lobby }),
		stream(
			"Loading dock",
			"a camera that dies and comes back: watch autorestart",
			{ type: "tcp", reference: at.dock },
			{
				autorestart: { restart: 1, attempt_count: 10, delay: 5 },
				policies: { healthcheck: { max_error_count: 1, period: 3600, retry_delay: 1, timeout: 3000 } },
			},
		),
		stream("Archive", "a recording of 24 s, played once a start", { type: "videofile", reference: at.archive }),
		stream(
			"Stills",
			"a folder of 24 pictures, two a second",
			{ type: "images", reference: at.stills },
			{
				policies: { real_time_mode_fps: 2 },
			},
		),
		stream("Back door", "paused from the beginning", { type: "tcp", reference: at.gate }, { status: "pause" }),
	];
}

function stream(name: string, about: string, data: object, more: object = {}): DemoStream {
	const body = {
		account_id: ACCOUNT,
		name,
		description: about,
		group_name: GROUP,
		data,
		event_handler: {
			api_version: 6,
			origin: "http://127.0.0.1:5000",
			bestshot_handler: { handler_id: HANDLER },
		},
		...more,
	};
	return { name, about, body };
}

/**
 * Brings the service's streams to what the demo wants, whatever an earlier run left: what is missing is created, what
 * reads another address by now is replaced, what is done or failed begins anew. A stream that somebody paused or
 * cancelled stays so.
 *
 * @throws Refused
 */
export async function prepare(api: ServiceApi, wanted: readonly DemoStream[], at: SampleAddresses): Promise<void> {
	try {
		await api.createGroup({ account_id: ACCOUNT, group_name: GROUP, description: "What npm run demo shows" });
	} catch (error) {
		// It is there from an earlier run.
		if (!(error instanceof Refused && error.code === GROUP_EXISTS)) throw error;
	}
	const there = new Map((await api.streams(ACCOUNT, GROUP)).map((seen) => [seen.name, seen]));
	const addresses = new Set<string>(Object.values(at));
	for (const { name, body } of wanted) {
		const seen = there.get(name);
		if (seen === undefined) await api.create(body);
		else if (!addresses.has(seen.data.reference)) await replace(api, seen, body);
		else if (seen.status === "done" || seen.status === "failure") await resume(api, seen.stream_id);
	}
}

async function replace(api: ServiceApi, seen: SeenStream, body: object): Promise<void> {
	const rests = seen.status === "pause" || seen.status === "cancel";
	await api.replace(seen.stream_id, rests ? { ...body, status: "pause" } : body);
}

async function resume(api: ServiceApi, id: string): Promise<void> {
	try {
		await api.resume(id);
	} catch (error) {
		// Its autorestart, or somebody at the console, was quicker.
		if (!(error instanceof Refused && CONFLICTS.includes(error.code))) throw error;
	}
}

import { connect } from "node:net";
import { until } from "./answers.ts";
import { find, OutsideProgram, REDIS } from "./outside-program.ts";

const START_PATIENCE = 10_000;

/**
 * Starts a Redis of the cluster's own, on loopback, that keeps nothing: what stands in it is known to the nodes.
 *
 * @throws Error one line: it is not installed, or what it says
 */
export async function startRedis(port: number, folder: string): Promise<OutsideProgram> {
	const settings = { port, bind: "127.0.0.1", dir: folder, save: "", appendonly: "no" };
	const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
	const redis = new OutsideProgram("Redis", [find(REDIS), ...args]);
	const listens = async () => {
		if (redis.over) throw new Error(`Redis does not start: ${redis.said}`);
		return accepts(port);
	};
	try {
		await until(listens, START_PATIENCE, () => `Redis does not listen: ${redis.said}`);
	} catch (error) {
		await redis.stop();
		throw error;
	}
	return redis;
}

function accepts(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1");
		socket.once("connect", () => resolve(true));
		socket.once("error", () => resolve(false));
		socket.once("close", () => resolve(false));
		socket.once("connect", () => socket.destroy());
	});
}

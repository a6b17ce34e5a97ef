import { Agent, newAgentId } from "./agent.ts";
import { checkDecoder } from "./decoding/decoder-process.ts";
import { createLog, describe } from "./log.ts";
import { BadSetting, readSettings, usage } from "./settings.ts";

/** Milliseconds after which a stop that does not come to its end is ended. */
const STOP_DEADLINE = 4800;

async function main(): Promise<void> {
	const settings = readSettings(process.argv.slice(2), process.env);
	if (settings === null) {
		process.stdout.write(usage());
		return;
	}
	const agentId = newAgentId(settings.name);
	const log = createLog(settings.logLevel, agentId);
	const decoder = await checkDecoder();
	if ("reason" in decoder) {
		const reason = decoder.reason.split("\n")[0];
		return refuse(`cannot decode: the optional package node-av does not load here (${reason})`);
	}
	const agent = new Agent(settings, agentId, log);
	let signals = 0;
	const onSignal = (signal: string): void => {
		signals++;
		log.info({ signal }, signals === 1 ? "stopping; a second signal ends at once" : "ending at once");
		if (signals > 1) process.exit(1);
		setTimeout(() => process.exit(0), STOP_DEADLINE).unref();
		agent.stop().then(
			() => process.exit(0),
			(error: unknown) => refuse(`stop failed: ${describe(error)}`),
		);
	};
	process.on("SIGTERM", onSignal);
	process.on("SIGINT", onSignal);
	log.info({ ffmpeg: decoder.ffmpeg }, "agent starts");
	await agent.start();
}

/** One line on stderr, and an exit that says so. */
function refuse(line: string): never {
	process.stderr.write(`agent: ${line}\n`);
	process.exit(1);
}

main().catch((error: unknown) => {
	refuse(error instanceof BadSetting ? error.message : describe(error));
});

import { createLogger, setLevel } from "./log.ts";
import { Perigee } from "./perigee.ts";
import { reloaded } from "./settings/live.ts";
import { loadSettings, SettingsError } from "./settings/load.ts";
import { maskSecrets } from "./settings/mask.ts";
import type { Settings } from "./settings/table.ts";

/** Seconds in which a stop must be through: these, or a long drain delay and what is needed after it. */
const STOP_DEADLINE = 10;
const AFTER_DRAINING = 9;

const sources = { argv: process.argv.slice(2), env: process.env };

function readSettings(): Settings {
	try {
		return loadSettings(sources);
	} catch (error) {
		end(error, 2);
	}
}

/** The start cannot go on: one line says why. */
function end(error: unknown, status: number): never {
	process.stderr.write(`perigee: ${maskSecrets(lineOf(error))}\n`);
	process.exit(status);
}

function lineOf(error: unknown): string {
	if (error instanceof AggregateError && error.message === "") return error.errors.map(lineOf).join("; ");
	const text =
		error instanceof Error ? error.message || ("code" in error ? String(error.code) : error.name) : String(error);
	return text.replace(/\s*\n\s*/g, " ");
}

let settings = readSettings();
const log = createLogger(settings);
const perigee = new Perigee({
	settings,
	log,
	onFatal: (error) => {
		log.fatal({ err: error }, "this node must end");
		void stop(1);
	},
});

let stopping = false;

async function stop(status: number): Promise<void> {
	if (stopping) return;
	stopping = true;
	const deadline = Math.max(STOP_DEADLINE, perigee.drainDelay + AFTER_DRAINING);
	setTimeout(() => {
		log.error({}, `the stop took longer than ${deadline} s and is cut short`);
		log.flush();
		process.exit(1);
	}, deadline * 1000).unref();
	await perigee.stop();
	log.info({}, "stopped");
	log.flush(() => process.exit(status));
}

for (const signal of ["SIGTERM", "SIGINT"] as const)
	process.on(signal, () => {
		if (stopping) {
			log.warn({ signal }, "asked twice: ending at once");
			log.flush();
			process.exit(1);
		}
		log.info({ signal }, "stopping");
		void stop(0);
	});

process.on("SIGHUP", () => {
	try {
		const { changed, waiting, ...now } = reloaded(settings, loadSettings(sources));
		settings = now.settings;
		const tell = () => log.info({ changed, waiting }, "settings read again; what waits counts after the next start");
		// Said before the log becomes too quiet for it, or after it became loud enough.
		const heard = log.isLevelEnabled("info");
		if (heard) tell();
		setLevel(log, settings.LUNA_STREAMS_LOGGER.LOG_LEVEL);
		if (!heard) tell();
		perigee.follow(settings);
	} catch (error) {
		// A mistake in the file: the old settings stay in force.
		log.error({ err: error }, "settings could not be read again, nothing has changed");
	}
});

// What nobody caught is a defect: it is told in full, and the process goes on serving the others.
process.on("unhandledRejection", (error) => {
	log.error({ err: error }, "an error that nobody waited for");
});
process.on("uncaughtException", (error) => {
	log.fatal({ err: error }, "an error that nobody caught");
	void stop(1);
});

try {
	await perigee.start();
	const { HOST } = settings.LUNA_STREAMS_HTTP_SETTINGS;
	log.info({ url: `http://${HOST.includes(":") ? `[${HOST}]` : HOST}:${perigee.port}` }, "ready");
} catch (error) {
	log.flush();
	end(error, error instanceof SettingsError ? 2 : 1);
}

import { loadSettings } from "../settings/load.ts";
import { maskSecrets } from "../settings/mask.ts";
import { tokenCommand, USAGE, UsageError } from "./token-arguments.ts";
import { runTokenCommand } from "./token-command.ts";
import { withDatabase } from "./with-database.ts";

const [noun, ...args] = process.argv.slice(2);

/** One line says why, and with what was typed wrong also how it is typed right. */
function end(error: unknown): never {
	const text = error instanceof Error ? error.message : String(error);
	process.stderr.write(`perigee: ${maskSecrets(text)}\n${error instanceof UsageError ? `${USAGE}\n` : ""}`);
	process.exit(error instanceof UsageError ? 2 : 1);
}

if (noun === undefined || noun === "help" || process.argv.includes("--help")) {
	process.stdout.write(`${USAGE}\n`);
	process.exit(noun === undefined ? 2 : 0);
}

try {
	if (noun !== "token") throw new UsageError(`'${noun}' is not a command`);
	const command = tokenCommand(args, Date.now());
	const settings = loadSettings({ argv: command.config, env: process.env });
	const { out, aside } = await withDatabase(settings, (database) =>
		runTokenCommand(command, database, settings.LUNA_STREAMS_AUDIT.ACTIVE === 1),
	);
	process.stderr.write(aside);
	process.stdout.write(out);
} catch (error) {
	// Whatever it was, the person who typed the command is told.
	end(error);
}

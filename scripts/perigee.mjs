#!/usr/bin/env node
// `npx perigee token …`: builds what is missing or stale, then becomes the command.
import { ensureBuilt } from "./ensure-built.mjs";

try {
	await ensureBuilt(["service"]);
} catch (error) {
	// The tool has said what is wrong; its name and status complete that.
	console.error(error.message);
	process.exit(1);
}
await import("../dist/server/command-line/main.js");

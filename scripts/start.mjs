// `npm start`: builds what is missing or stale, then becomes the service. It runs in this very process, so signals reach
// it as they are sent and its exit status is the one that the caller sees.
import { ensureBuilt } from "./ensure-built.mjs";

try {
	await ensureBuilt();
} catch (error) {
	// The tool has said what is wrong; its name and status complete that.
	console.error(error.message);
	process.exit(1);
}
process.setSourceMapsEnabled(true);
await import("../dist/server/main.js");

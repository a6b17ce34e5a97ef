import { EmbeddedPostgres } from "../../dist/persistence/embedded/embedded-postgres.js";

/**
 * The embedded database of the folder given as its argument, run by the built service's part in a process of its own, so
 * that a test can kill it. It writes one line of JSON, `{ url, pid }` or `{ error }`, and stops when its input ends.
 */
const ignore = () => undefined;
const server = new EmbeddedPostgres({
	dataDir: process.argv[2] ?? "",
	logger: { info: ignore, warn: ignore, error: ignore },
	// Processes are killed in these tests, and the machine is not.
	settings: { fsync: "off" },
});
try {
	await server.start();
	process.stdout.write(`${JSON.stringify({ url: server.url, pid: server.pid })}\n`);
	process.stdin.resume();
	process.stdin.on("end", () => void server.stop());
} catch (error) {
	process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
}

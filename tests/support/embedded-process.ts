import { EmbeddedPostgres } from "../../persistence/embedded/embedded-postgres.ts";

/**
 * A process of its own that runs the embedded database of the folder given as its argument, so that a test can kill it.
 * It writes one line of JSON, `{ url, pid }` or `{ error }`, and stops when its input ends.
 */
const ignore = (): void => undefined;
const server = new EmbeddedPostgres({
	dataDir: process.argv[2] ?? "",
	logger: { info: ignore, warn: ignore, error: ignore },
});
try {
	await server.start();
	process.stdout.write(`${JSON.stringify({ url: server.url, pid: server.pid })}\n`);
	process.stdin.resume();
	process.stdin.on("end", () => void server.stop());
} catch (error) {
	process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
}

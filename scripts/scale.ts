import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { measureScale } from "../bench/scale/measure.ts";

/**
 * `npm run scale [-- --data <folder>]`: answers of the service over 1,000,000 streams and 10,000,000 log records, as a
 * table with the time that each may take. Exit status 1 when one takes longer. The data take 4 minutes and 8 GB; with
 * `--data` they stay there for the next time.
 */
const { values } = parseArgs({ options: { data: { type: "string" }, only: { type: "string" } } });
const data = values.data === undefined ? await mkdtemp(join(tmpdir(), "perigee-scale-")) : resolve(values.data);
try {
	process.exitCode = (await measureScale(data, values.only?.split(","))) === 0 ? 0 : 1;
} finally {
	if (values.data === undefined) await rm(data, { recursive: true, force: true });
}

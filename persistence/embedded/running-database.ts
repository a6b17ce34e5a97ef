import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { accessUrl, readAccess } from "./access-file.ts";
import { instanceOf } from "./instance-lock.ts";

/**
 * The address of the embedded database that another process runs in `dataDir`; null when none does. Throws when it may not
 * be read: it is its owner's.
 */
export async function runningDatabase(dataDir: string): Promise<string | null> {
	const folder = resolve(dataDir);
	if (!existsSync(folder) || (await instanceOf(folder)) === null) return null;
	const access = await readAccess(join(folder, "postgres-url"));
	return access && accessUrl(access);
}

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of the first of these programs that PATH has; undefined: none. */
export function programInPath(names: readonly string[]): string | undefined {
	for (const name of names)
		for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
			const path = join(folder, name);
			try {
				accessSync(path, constants.X_OK);
				return path;
			} catch {
				// Not in this folder.
			}
		}
	return undefined;
}

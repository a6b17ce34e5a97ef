import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Moves the scripts that the generator writes into a page to files of their own, beside the other assets, and takes the
 * styles away that its scripts set anyway: the service's policy permits neither inside a page.
 */
export function scriptsToFiles(html: string, folder: string, base: string): string {
	const bare = html.replace(/ style="(?:--vp-vh:0px;|position:relative;)"/g, "");
	return bare.replace(/<script((?:(?! src=)[^>])*)>([\s\S]+?)<\/script>/g, (_, attributes: string, text: string) => {
		const name = `assets/inline.${createHash("sha256").update(text).digest("hex").slice(0, 12)}.js`;
		mkdirSync(join(folder, "assets"), { recursive: true });
		writeFileSync(join(folder, name), text);
		return `<script${attributes} src="${base}${name}"></script>`;
	});
}

import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

/** Smaller files are not worth a second look of the browser. */
const MIN_BYTES = 512;
const TEXT = /\.(js|css|svg|html|json|webmanifest)$/;

/** Writes a `.br` and a `.gz` beside every text that is built: compressed once as well as can be, instead of at every request. */
export function compressedCopies(): Plugin {
	return {
		name: "compressed-copies",
		apply: "build",
		// After the page itself is among the files.
		generateBundle: {
			order: "post",
			async handler(_, bundle) {
				for (const [fileName, file] of Object.entries(bundle)) {
					const bytes = Buffer.from(file.type === "chunk" ? file.code : file.source);
					if (!TEXT.test(fileName) || bytes.length < MIN_BYTES) continue;
					const [br, gz] = await Promise.all([
						promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
						promisify(gzip)(bytes, { level: 9 }),
					]);
					this.emitFile({ type: "asset", fileName: `${fileName}.br`, source: br });
					this.emitFile({ type: "asset", fileName: `${fileName}.gz`, source: gz });
				}
			},
		},
	};
}

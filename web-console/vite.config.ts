import { defineConfig } from "vite";
import { compressedCopies } from "./compressed-copies.ts";

export default defineConfig({
	// Relative addresses, so that the page also works below the service's PREFIX.
	base: "./",
	oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
	plugins: [compressedCopies()],
	build: {
		outDir: "../dist/web-console",
		emptyOutDir: true,
		target: "es2023",
		// Nothing inline: the page is served with a policy that allows files of its own origin only.
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
	},
	server: {
		// `npx vite web-console` beside a running service.
		proxy: {
			"/1": "http://127.0.0.1:5160",
			"/console": { target: "http://127.0.0.1:5160", ws: true },
		},
	},
});

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type StaticFile, staticFile } from "../routes/static-file.ts";

/** What Swagger UI consists of here, by its names in the package `swagger-ui-dist`. */
const parts = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/**
 * The page, as an answer of `/docs/spec`: its links are relative, so that it also works below a prefix. No script and no
 * style stands in it, as its policy demands.
 */
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Perigee API</title>
<link rel="icon" href="spec/favicon-32x32.png">
<link rel="stylesheet" href="spec/swagger-ui.css">
<script src="spec/swagger-ui-bundle.js" defer></script>
<script src="spec/start.js" defer></script>
</head>
<body>
<div id="api"></div>
<noscript>This page needs JavaScript. The same as YAML: GET /docs/spec with Accept: application/x-yaml.</noscript>
</body>
</html>
`;

/** Without the validator, which lies on another host. */
const start = `"use strict";
SwaggerUIBundle({
	url: "spec",
	dom_id: "#api",
	validatorUrl: null,
	deepLinking: true,
	docExpansion: "list",
	defaultModelsExpandDepth: 0,
	displayRequestDuration: true,
	filter: true,
	persistAuthorization: false,
});
`;

/** The page that shows the document, and the files that it loads. */
export interface Viewer {
	page: StaticFile;
	files: readonly StaticFile[];
}

/** Reads the viewer's files (2 MB) from its package. Throws when that is not installed. */
export async function readViewer(): Promise<Viewer> {
	const resolve = createRequire(import.meta.url).resolve;
	const read = async (name: string) => staticFile(name, await readFile(resolve(`swagger-ui-dist/${name}`)));
	const files = await Promise.all(parts.map(read));
	return { page: staticFile("index.html", page), files: [...files, staticFile("start.js", start)] };
}

import { stringify } from "yaml";
import { Fault } from "../../persistence/fault.ts";
import { acceptedType } from "../accept.ts";
import type { Reply } from "../http/reply.ts";
import { type Request, type Route, route } from "../http/route.ts";
import { openApiDocument } from "../openapi/document.ts";
import type { Viewer } from "../openapi/viewer.ts";
import { fileHeaders, fileReply, type StaticFile, staticFile } from "./static-file.ts";

const tag = "docs";
const yaml = "application/x-yaml";
const html = "text/html";

export interface DocsOptions {
	/** All other routes that are served. */
	routes: readonly Route[];
	/** Version of the service, `major.minor.patch`. */
	version: string;
	viewer: Viewer;
	/** The built files of the manual, from `readFiles`; none when it is not built. */
	manual: readonly StaticFile[];
}

/** `/docs/spec` and `/docs/dev`: the description of all routes, these included, and the manual (contract, section 2). */
export function docsRoutes({ routes, version, viewer, manual }: DocsOptions): Route[] {
	/** By the prefix that the document is asked under: "" and at most one other. */
	const documents = new Map<string, StaticFile>();
	const documentBelow = (prefix: string): StaticFile => {
		const made = documents.get(prefix) ?? documentFile([...routes, ...docs], version, prefix);
		documents.set(prefix, made);
		return made;
	};
	const docs = [specification(viewer.page, documentBelow), ...viewer.files.map(viewerFile), ...manualRoutes(manual)];
	return docs;
}

function documentFile(routes: readonly Route[], version: string, prefix: string): StaticFile {
	const document = openApiDocument(routes, { version, prefix });
	return staticFile("spec.yaml", stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 }));
}

function specification(page: StaticFile, documentBelow: (prefix: string) => StaticFile): Route {
	return route({
		method: "GET",
		pattern: "/docs/spec",
		access: "public",
		tag,
		summary: "This description",
		description: "As YAML, or as a page to read and try out, whichever is preferred.",
		headers: fileHeaders,
		answers: [
			{ status: 200, description: "The description of the API.", type: yaml },
			{ status: 200, description: "A page that shows it.", type: html },
		],
		faults: [12024],
		handle(request) {
			const type = acceptedType(request.accept, [yaml, html]);
			if (type === undefined) throw new Fault(12024);
			const reply = fileReply(type === html ? page : documentBelow(request.prefix), request);
			return { ...reply, headers: { ...reply.headers, Vary: "Accept" } };
		},
	});
}

function viewerFile(file: StaticFile): Route {
	return internal(`/docs/spec/${file.path}`, (request) => fileReply(file, request));
}

/** Where the manual is built to be served. */
const manualBase = "/docs/dev/";

/** The manual, with the folders of its pages under their own names as well. */
function manualRoutes(manual: readonly StaticFile[]): Route[] {
	const files = new Map(manual.map((file) => [encodeURI(file.path), file]));
	const first = route({
		method: "GET",
		pattern: "/docs/dev",
		access: "public",
		tag,
		summary: "The manual",
		answers: [{ status: 302, description: "Where it begins.", headers: { Location: "Path of its first page." } }],
		faults: [],
		handle: ({ prefix }) => ({ kind: "redirect", location: `${prefix}${manualBase}index.html` }),
	});
	/** By the file as it was built; there is one prefix at most. */
	const below = new Map<StaticFile, StaticFile>();
	const other = internal(`${manualBase}*`, (request) => {
		const path = request.parameters["*"] ?? "";
		const file = files.get(path === "" || path.endsWith("/") ? `${path}index.html` : path);
		if (file === undefined) throw new Fault(12013);
		if (request.prefix === "") return fileReply(file, request);
		const made = below.get(file) ?? manualFileBelow(request.prefix, file);
		below.set(file, made);
		return fileReply(made, request);
	});
	return [first, other];
}

/**
 * A file of the manual for those who reach it below a prefix only. Its pages and scripts hold the path that they are served
 * at, since scripts ask for pages by it; relative addresses would not do.
 */
function manualFileBelow(prefix: string, file: StaticFile): StaticFile {
	if (!/^(text\/|application\/json)/.test(file.type)) return file;
	const text = Buffer.from(file.bytes).toString("utf8");
	return staticFile(
		file.path,
		text.replaceAll(manualBase, () => `${prefix}${manualBase}`),
	);
}

function internal(pattern: string, handle: (request: Request) => Reply): Route {
	return route({
		method: "GET",
		pattern,
		access: "public",
		tag,
		summary: "A file of the documentation",
		internal: true,
		headers: fileHeaders,
		answers: [],
		faults: [],
		handle,
	});
}

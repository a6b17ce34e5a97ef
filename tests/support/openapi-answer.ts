import { decode } from "@msgpack/msgpack";
import { Compile } from "typebox/schema";
import type { JsonObject } from "../../server/openapi/json.ts";

/** An answer as a client saw it. */
export interface SeenAnswer {
	method: string;
	/** As it was asked for, with its query if any. */
	path: string;
	status: number;
	/** By lower-case names. */
	headers: Readonly<Record<string, string | undefined>>;
	/** undefined: not looked at. */
	body?: Uint8Array | undefined;
}

type Node = Readonly<Record<string, unknown>>;

const errorBody = { $ref: "#/components/schemas/error" };
const verbs = ["get", "put", "post", "delete", "patch"];
const requestId = /^[0-9]{10},[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Holds answers against an OpenAPI document: status, headers, media type and body must stand there. Paths that the document
 * does not know may answer anything but a wrong error; their 404 must be the catalogue's.
 */
export class OpenApiAnswers {
	readonly #document: Node;
	readonly #prefixes: readonly string[];
	readonly #paths: { form: RegExp; verbs: Node }[];
	readonly #checks = new Map<unknown, (value: unknown) => string | undefined>();

	/** `prefixes` are those that the service may also serve below. */
	constructor(document: JsonObject, prefixes: readonly string[] = []) {
		this.#document = document;
		this.#prefixes = prefixes.filter((each) => each !== "");
		this.#paths = Object.entries(node(document["paths"])).map(([pattern, each]) => ({
			form: new RegExp(
				`^${pattern.replace(/\{\w+\}/g, "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")}$`,
			),
			verbs: node(each),
		}));
	}

	/** Throws, with what is wrong, when the document does not allow this answer. */
	check(answer: SeenAnswer): void {
		const wrong = this.#wrong(answer);
		if (wrong === undefined) return;
		const body = answer.body === undefined ? "" : `: ${Buffer.from(answer.body).toString("utf8").slice(0, 300)}`;
		throw new Error(`${answer.method} ${answer.path} answered ${answer.status}, but ${wrong}${body}`);
	}

	#wrong(answer: SeenAnswer): string | undefined {
		const { method, status, headers } = answer;
		if (!requestId.test(headers["luna-request-id"] ?? "")) return "its Luna-Request-Id is none";
		const known = this.#find(answer.path.replace(/\?.*/s, ""));
		if (known === undefined || status === 405) return status < 400 ? undefined : this.#wrongError(answer);
		const verb = known[(method === "HEAD" ? "GET" : method).toLowerCase()];
		// Of what is not described there are answers all the same, when there is too much of it.
		if (verb === undefined && (status === 429 || status === 503)) return this.#wrongError(answer);
		if (method === "OPTIONS") return status === 204 && headers["allow"] ? undefined : "it should be 204 with Allow";
		const operation = node(verb);
		const described = node(operation["responses"])[String(status)];
		if (described === undefined) return "the description knows no such status";
		const { headers: heads, content } = this.#resolved(described);
		for (const [name, each] of Object.entries(node(heads))) {
			const { required, schema } = this.#resolved(each);
			const value = headers[name.toLowerCase()];
			if (value === undefined && required === true) return `it lacks the header ${name}`;
			const numeric = node(schema)["type"] === "integer";
			const wrong = value === undefined ? undefined : this.#wrongValue(schema, numeric ? Number(value) : value);
			if (wrong !== undefined) return `its header ${name} is wrong: ${wrong}`;
		}
		return method === "HEAD" ? undefined : this.#wrongBody(answer, content);
	}

	#wrongBody({ headers, body }: SeenAnswer, content: unknown): string | undefined {
		const type = (headers["content-type"] ?? "").replace(/;.*/s, "");
		if (content === undefined) return type !== "" || (body?.length ?? 0) > 0 ? "it should have no body" : undefined;
		const media = node(content)[type] ?? node(content)[type.replace(/\/.*/, "/*")];
		if (media === undefined) return `the description knows no body of type '${type}'`;
		if (body === undefined) return undefined;
		if (type === "application/json") return this.#wrongValue(node(media)["schema"], json(body));
		return type === "application/msgpack" ? this.#wrongValue(node(media)["schema"], decode(body)) : undefined;
	}

	#wrongError({ headers, body, method }: SeenAnswer): string | undefined {
		if (method === "HEAD" || body === undefined) return undefined;
		const packed = headers["content-type"] === "application/msgpack";
		return this.#wrongValue(errorBody, packed ? decode(body) : json(body));
	}

	#find(path: string): Node | undefined {
		const prefix = this.#prefixes.find((each) => path.startsWith(`${each}/`)) ?? "";
		const below = path.slice(prefix.length);
		return this.#paths.find(({ form }) => form.test(below))?.verbs;
	}

	#wrongValue(schema: unknown, value: unknown): string | undefined {
		const check = this.#checks.get(schema) ?? this.#compiled(schema);
		this.#checks.set(schema, check);
		return check(value);
	}

	/** The schema, with the components around it that it refers to. */
	#compiled(schema: unknown): (value: unknown) => string | undefined {
		const validator = Compile({ ...node(schema), components: this.#document["components"] });
		return (value) => {
			if (validator.Check(value)) return undefined;
			const [, errors] = validator.Errors(value);
			return errors.map(({ instancePath, message }) => `${instancePath || "the body"} ${message}`).join("; ");
		};
	}

	#resolved(value: unknown): Node {
		const { $ref } = node(value);
		if (typeof $ref !== "string") return node(value);
		const names = $ref.split("/").slice(1);
		return names.reduce<Node>((at, name) => node(at[name]), this.#document);
	}
}

/** Every verb and path that a document describes: `GET /version`. */
export function operationsOf(document: JsonObject): string[] {
	return Object.entries(node(document["paths"])).flatMap(([path, item]) =>
		Object.keys(node(item))
			.filter((each) => verbs.includes(each))
			.map((verb) => `${verb.toUpperCase()} ${path}`),
	);
}

function json(bytes: Uint8Array): unknown {
	return JSON.parse(Buffer.from(bytes).toString("utf8"));
}

function node(value: unknown): Node {
	return typeof value === "object" && value !== null ? { ...value } : {};
}

import type { FaultCode } from "../../persistence/fault.ts";
import { SESSION_COOKIE } from "../access/access.ts";
import type { Route } from "../http/route.ts";
import { error } from "../schemas/service.ts";
import { faultExample } from "./fault-examples.ts";
import type { JsonObject, Reference } from "./json.ts";
import { NamedSchemas } from "./named-schemas.ts";
import { requestHeader, requestIdForm } from "./request-headers.ts";

/**
 * The parts that operations share, each written down once and referred to by name: schemas by their titles, headers,
 * error answers and their examples.
 */
export class Components {
	readonly schemas: NamedSchemas;
	readonly #parameters = new Map<string, JsonObject>();
	readonly #responses = new Map<string, JsonObject>();
	readonly #examples = new Map<string, JsonObject>();

	constructor(routes: readonly Route[]) {
		this.schemas = new NamedSchemas([error, ...routes.flatMap(schemasOf)]);
	}

	/** A request header, by its lower-case name. */
	requestHeader(name: string): Reference {
		const key = name.replaceAll("-", "_");
		this.#parameters.set(key, requestHeader(name));
		return { $ref: `#/components/parameters/${key}` };
	}

	/** The header that every answer has. */
	readonly answerHeaders: JsonObject = { "Luna-Request-Id": { $ref: "#/components/headers/luna_request_id" } };

	/** The answer with one of the faults of one status, shared by all operations that may give the same. */
	faultAnswer(codes: readonly FaultCode[]): Reference {
		const key = `error_${codes.join("_")}`;
		if (!this.#responses.has(key)) this.#responses.set(key, this.#faultAnswer(codes));
		return { $ref: `#/components/responses/${key}` };
	}

	/** All of them, in the order of their names. */
	toJson(): Record<string, JsonObject> {
		return {
			schemas: this.schemas.toJson(),
			parameters: sorted(this.#parameters),
			headers: {
				luna_request_id: {
					description: "Id of the request: the given one, or one that was made for it.",
					required: true,
					schema: requestIdForm,
				},
			},
			responses: sorted(this.#responses),
			examples: sorted(this.#examples),
			securitySchemes,
		};
	}

	#faultAnswer(codes: readonly FaultCode[]): JsonObject {
		const examples: JsonObject = {};
		const descriptions = new Set<string>();
		for (const code of codes) {
			const { summary, value } = faultExample(code);
			descriptions.add(value.desc);
			this.#examples.set(`error_${code}`, { summary, value: { ...value } });
			examples[`error_${code}`] = { $ref: `#/components/examples/error_${code}` };
		}
		const schema = this.schemas.use(error);
		const retry = codes.some((code) => faultExample(code).retryAfter);
		const challenge = codes.includes(39902);
		return {
			description: `${[...descriptions].join("; ")}.`,
			headers: { ...this.answerHeaders, ...(retry ? retryAfter : {}), ...(challenge ? authenticate : {}) },
			content: { "application/json": { schema, examples }, "application/msgpack": { schema } },
		};
	}
}

const retryAfter: JsonObject = {
	"Retry-After": {
		description: "When to ask again, seconds.",
		required: true,
		schema: { type: "integer", minimum: 1 },
	},
};

const securitySchemes: JsonObject = {
	bearer: {
		type: "http",
		scheme: "bearer",
		description: "A token of this service, or a JWT of the provider of identities that it trusts.",
	},
	session: {
		type: "apiKey",
		in: "cookie",
		name: SESSION_COOKIE,
		description:
			"The session of a browser, from `POST /console/login`; over https its name is `__Host-perigee_session`.",
	},
};

const authenticate: JsonObject = {
	"WWW-Authenticate": { description: "How to say who asks: `Bearer`.", required: true, schema: { type: "string" } },
};

function schemasOf({ body, query, answers }: Route): object[] {
	return [body?.schema, query?.schema, ...answers.map(({ schema }) => schema)].filter((each) => each !== undefined);
}

function sorted(map: ReadonlyMap<string, JsonObject>): JsonObject {
	return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

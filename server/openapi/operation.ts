import type { FaultCode } from "../../persistence/fault.ts";
import { catalogue } from "../http/catalogue.ts";
import type { AnswerNote, Route } from "../http/route.ts";
import { bodyExamples } from "./body-examples.ts";
import type { Components } from "./components.ts";
import type { Json, JsonObject } from "./json.ts";
import { operationId } from "./operation-ids.ts";
import { parameters } from "./parameters.ts";

/** What any request may be answered with, whatever its route. */
const anywhere: readonly FaultCode[] = [1, 39903, 39904, 39905];
const withAccess: readonly FaultCode[] = [39902];
const withIds: readonly FaultCode[] = [12013];
const withBody: readonly FaultCode[] = [12022, 12023, 12027, 39901];

/** One verb of one path, for the document. */
export function operation(route: Route, components: Components): JsonObject {
	const { summary, description, tag, body, access } = route;
	const written: JsonObject = { operationId: operationId(route), tags: [tag], summary };
	if (description !== undefined) written["description"] = description;
	if (access === "public") written["security"] = [];
	written["parameters"] = parameters(route, components);
	if (body !== undefined) {
		const content: JsonObject = { schema: components.schemas.use(body.schema) };
		const { title = "" }: { title?: string } = body.schema;
		const example = bodyExamples[title];
		if (example !== undefined) content["example"] = example;
		written["requestBody"] = { required: true, content: { "application/json": content } };
	}
	written["responses"] = { ...answers(route, components), ...faultAnswers(route, components) };
	return written;
}

/** All faults of a route, those that it does not declare itself included, in the catalogue's order. */
export function faultsOf({ faults, pattern, body, access }: Route): FaultCode[] {
	const ids = pattern.includes("{") ? withIds : [];
	const all = [
		...faults,
		...anywhere,
		...(access === "public" ? [] : withAccess),
		...ids,
		...(body === undefined ? [] : withBody),
	];
	return [...new Set(all)].sort((a, b) => a - b);
}

function answers({ answers: notes, headers = [] }: Route, components: Components): JsonObject {
	const written: JsonObject = {};
	if (headers.includes("if-none-match")) {
		written["304"] = { description: "The client has it.", headers: components.answerHeaders };
	}
	for (const status of new Set(notes.map((each) => each.status))) {
		written[status] = answer(
			notes.filter((each) => each.status === status),
			components,
		);
	}
	return written;
}

/** The answer of one status; several notes are its several forms. */
function answer(notes: readonly AnswerNote[], components: Components): JsonObject {
	const content: JsonObject = {};
	const headers: JsonObject = { ...components.answerHeaders };
	for (const { schema, type, headers: more = {} } of notes) {
		for (const name of Object.keys(more)) headers[name] = answerHeader(more[name] ?? "");
		if (schema !== undefined) {
			const body = { schema: components.schemas.use(schema) };
			content["application/json"] = body;
			content["application/msgpack"] = body;
		} else if (type !== undefined) {
			content[type.replace(/;.*/, "")] = { schema: isText(type) ? { type: "string" } : anyBody(type) };
		}
	}
	const description = [...new Set(notes.map((each) => each.description))].join(" ");
	return { description, headers, ...(Object.keys(content).length === 0 ? {} : { content }) };
}

function answerHeader(description: string): JsonObject {
	return { description, schema: { type: "string" } };
}

function isText(type: string): boolean {
	return type.startsWith("text/") || type.startsWith("application/x-yaml");
}

/** Bytes, or JSON that no schema describes. */
function anyBody(type: string): JsonObject {
	return type === "application/json" ? { type: "object" } : { type: "string", format: "binary" };
}

function faultAnswers(route: Route, components: Components): JsonObject {
	const byStatus = new Map<number, FaultCode[]>();
	for (const code of faultsOf(route)) {
		const status = catalogue[code].http;
		byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
	}
	const written = [...byStatus].map(([status, codes]): [string, Json] => [
		String(status),
		components.faultAnswer(codes),
	]);
	return Object.fromEntries(written);
}

import { expect } from "vitest";
import type { Answer } from "./api.ts";

/** An error answer as the contract's section 13 has it: its status and its whole body. */
export interface ExpectedFault {
	status: number;
	body: { error_code: number; desc: string; detail: string };
}

function fault(status: number, error_code: number, desc: string, detail: string): ExpectedFault {
	return { status, body: { error_code, desc, detail } };
}

const badInput = "Bad/incomplete input data";
const notFound = "Object not found";
const validation = (path: string, message: string) =>
	`Failed to validate input json. Path: '${path}', message: '${message}'`;

/** The catalogue, written a second time: whoever changes the service's own has to change this one. */
export const faults = {
	badQuery: (name: string) => fault(400, 12012, badInput, `Bad query parameters '${name}'`),
	noPage: fault(404, 12013, "Page not found", "Page not found"),
	missing: (names: string) => fault(400, 12014, badInput, `Required parameters '${names}' not found`),
	badVerb: fault(405, 12021, "Method not allowed", "Method not allowed"),
	invalid: (path: string, message: string) => fault(400, 12022, badInput, validation(path, message)),
	unexpected: (name: string, path = "") =>
		fault(400, 12022, badInput, validation(path, `Additional properties are not allowed ('${name}' was unexpected)`)),
	nothingGiven: fault(400, 12022, badInput, validation("", "at least one field must have a value")),
	badType: fault(415, 12023, badInput, "Content type is unacceptable, allowed types: 'application/json'"),
	notAcceptable: fault(406, 12024, "Unsupported media type", badInput),
	noStream: (id: string) => fault(404, 39001, notFound, `Stream with id '${id}' not found`),
	badStatus: (value: string) =>
		fault(400, 39002, "Bad input data", `'${value}' is not valid stream status; permitted: pending, pause`),
	cannotStop: (id: string) =>
		fault(
			409,
			39003,
			"Unable to stop processing",
			`Processing of stream with id '${id}' is already in progress and cannot be stopped`,
		),
	cannotResume: (id: string) =>
		fault(409, 39004, "Unable to resume processing", `Processing of stream with id '${id}' is already in progress`),
	cannotCancel: (id: string) =>
		fault(
			409,
			39005,
			"Unable to cancel processing",
			`Processing of stream with id '${id}' is finished and cannot be cancelled`,
		),
	groupExists: (name: string) => fault(409, 39006, "Unique constraint error", `Group named '${name}' already exists`),
	noGroupNamed: (name: string) => fault(404, 39007, notFound, `Group named '${name}' not found`),
	noGroup: (id: string) => fault(404, 39008, notFound, `Group with id '${id}' not found`),
	noPreview: (kind: "live" | "last_frame", id: string) =>
		fault(404, 39009, notFound, `Not found '${kind}' preview url for stream with id '${id}'`),
	unavailable: (part: string) => fault(503, 39905, "Service unavailable", `${part} is unavailable`),
	tooLarge: (limit: number) => fault(413, 39901, "Payload too large", `Request body is larger than ${limit} bytes`),
};

/** Status and body of an answer, to be held against a fault. */
export function said({ status, body }: Answer): { status: number; body: unknown } {
	return { status, body };
}

/** Expects 12022 that names this member; its message is free, but there is one. */
export function expectInvalid(answer: Answer, path: string, what?: string): void {
	expect(said(answer), what).toEqual({
		status: 400,
		body: { error_code: 12022, desc: badInput, detail: expect.any(String) },
	});
	const { detail } = (answer as Answer<{ detail: string }>).body;
	const [, named] = /^Failed to validate input json\. Path: '([^']*)', message: '.+'$/s.exec(detail) ?? [];
	expect(named, what ?? detail).toBe(path);
}

/** Expects 502/39010 with a reason that tells neither addresses nor what is behind them. */
export function expectPreviewFailure(answer: Answer): void {
	expect(said(answer)).toEqual({
		status: 502,
		body: { error_code: 39010, desc: "Preview processing error", detail: expect.stringMatching(/.+/) },
	});
}

import { inject } from "vitest";
import type {} from "./described-answers.ts";
import type { OpenApiAnswers, SeenAnswer } from "./openapi-answer.ts";

/** What services are asked below in tests. */
const prefixes = ["/6/luna-streams", new URL(process.env["CONFORMANCE_URL"] ?? "http://x").pathname.replace(/\/$/, "")];

let answers: OpenApiAnswers | undefined;
let loading: Promise<void> | undefined;
const waiting: SeenAnswer[] = [];
const coming = new Set<Promise<void>>();
const wrong: string[] = [];

/** Whether it came from the service: there are other servers in tests, agents with pictures and databases of measurements. */
export function isOurs({ headers, path }: Pick<SeenAnswer, "headers" | "path">): boolean {
	return headers["luna-request-id"] !== undefined || /^\/1\//.test(path);
}

/** Whether the body of such an answer is looked at: pictures and streams of them are not. */
export function isReadable(type: string | undefined): boolean {
	return type === undefined || /^application\/(json|msgpack)/.test(type);
}

/** Holds an answer against the API's description; `reportAnswers` tells what came of it. */
export function seeAnswer(answer: SeenAnswer): void {
	if (!isOurs(answer)) return;
	if (answers !== undefined) {
		check(answers, answer);
		return;
	}
	// Most test files never ask the service anything: the checks are loaded when the first answer comes in.
	waiting.push(answer);
	loading ??= load();
}

/** The same for one that is still to be read. */
export function awaitAnswer(answer: Promise<SeenAnswer>): void {
	const seen = answer.then(seeAnswer).finally(() => coming.delete(seen));
	coming.add(seen);
}

/** Throws when an answer since the last time was not as the description has it. */
export async function reportAnswers(): Promise<void> {
	await Promise.all(coming);
	await loading;
	const found = wrong.splice(0);
	if (found.length > 0) throw new Error(`the API's description does not allow this:\n${found.join("\n")}`);
}

async function load(): Promise<void> {
	const { OpenApiAnswers: Answers } = await import("./openapi-answer.ts");
	answers = new Answers(inject("openapi"), prefixes);
	for (const answer of waiting.splice(0)) check(answers, answer);
}

function check(allowed: OpenApiAnswers, answer: SeenAnswer): void {
	try {
		allowed.check(answer);
	} catch (error) {
		wrong.push(error instanceof Error ? error.message : String(error));
	}
}

import { register } from "node:module";
import type { OpenApiDocument } from "../server/openapi/document.ts";

const head = `// Types of the API, made from its description by \`npm run generate:client\`. Not to be edited by hand.

`;

/** Where the types are kept. */
export const clientTypesFile = new URL("../client/generated/api.ts", import.meta.url);

/**
 * The types of the API as TypeScript, made by openapi-typescript. That writes its code with TypeScript's own compiler API,
 * which TypeScript 7 no longer has: its import of `typescript` is led to the last compiler that has it, as
 * @ts-morph/common carries it.
 */
export async function clientTypes(document: OpenApiDocument): Promise<string> {
	register("./older-compiler.mjs", import.meta.url);
	const { default: generate, astToString } = await import("openapi-typescript");
	const nodes = await generate(JSON.stringify(document), { defaultNonNullable: false, alphabetize: false });
	return head + astToString(nodes);
}

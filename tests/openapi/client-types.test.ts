import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { clientTypes, clientTypesFile } from "../../scripts/client-types.ts";
import { describedApi } from "../../scripts/described-api.ts";

test("client/generated/api.ts is what the API's description says (else: npm run generate:client)", async () => {
	const kept = readFileSync(clientTypesFile, "utf8");
	// Not `toBe`: the difference of two texts of this size takes longer to find than it helps.
	expect((await clientTypes(await describedApi())) === kept).toBe(true);
});

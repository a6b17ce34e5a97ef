// Writes the types of the client anew from the description of the API.
import { writeFileSync } from "node:fs";
import { clientTypes, clientTypesFile } from "./client-types.ts";
import { describedApi } from "./described-api.ts";

writeFileSync(clientTypesFile, await clientTypes(await describedApi()));

// Writes what the client holds of the API anew from its description: the types, and the schemas of the console's form.
import { writeFileSync } from "node:fs";
import { clientTypes, clientTypesFile } from "./client-types.ts";
import { describedApi } from "./described-api.ts";
import { streamFormFile, streamFormModule } from "./stream-form.ts";

const api = await describedApi();
writeFileSync(clientTypesFile, await clientTypes(api));
writeFileSync(streamFormFile, streamFormModule(api));

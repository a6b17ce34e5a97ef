// `npm run build`: dist/ anew, whatever is there.
import { rmSync } from "node:fs";
import { ensureBuilt } from "./ensure-built.mjs";

rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });
await ensureBuilt();

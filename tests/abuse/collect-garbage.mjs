// Loaded before the service (NODE_OPTIONS=--import): on SIGUSR2 it collects its garbage, so that what is left can be measured.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
process.on("SIGUSR2", () => {
	for (let times = 0; times < 2; times++) collect();
});

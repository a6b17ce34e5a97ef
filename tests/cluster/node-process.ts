// A node in a process of its own, for what can only be done to a process:
// `node --import tsx node-process.ts <redis url> <ttl> <namespace>`.
// Says how many shards it believes to hold: when it has started, for each line of its input, and first of all when its
// process goes on after a pause.
import { createInterface } from "node:readline";
import { redisNode } from "./nodes.ts";

const [url = "", ttl = "", namespace = ""] = process.argv.slice(2);
const node = redisNode(url, { node_id: "process", leaseTtl: Number(ttl), namespace });
const say = (said: string) => console.log(`${said} ${node.held.length}`);
let last = performance.now();

await node.start();
say("started");
setInterval(() => {
	const now = performance.now();
	if (now - last > 500) say("paused");
	last = now;
}, 20);
createInterface({ input: process.stdin })
	.on("line", () => say("asked"))
	.on("close", () => process.exit());

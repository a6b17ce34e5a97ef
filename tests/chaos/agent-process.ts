// An agent in a process of its own, to be killed: `node --import tsx agent-process.ts <streams> <address>…`.
// Takes so many streams, says `{"msg":"reporting"}` and reports on them until it is ended.
import { ReportingAgent } from "./reporting-agent.ts";

const [count = "", ...urls] = process.argv.slice(2);
const agent = new ReportingAgent(urls, Math.random, { pause: 200 });
await agent.take(Number(count), "");
agent.report();
console.log(JSON.stringify({ msg: "reporting" }));

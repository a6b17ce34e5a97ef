import { Fault } from "../../persistence/fault.ts";
import type { Request } from "../http/route.ts";

const form = /^[!-~]{1,128}$/;

/** The agent that names itself in the `Agent-Id` header, or null (contract, section 5). Throws 12012 for a malformed one. */
export function agentId(request: Pick<Request, "header">): string | null {
	const given = request.header("agent-id");
	if (given === "") return null;
	if (!form.test(given)) throw new Fault(12012, { name: "Agent-Id" });
	return given;
}

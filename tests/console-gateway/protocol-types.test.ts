import { expect, test } from "vitest";
import type * as Page from "../../client/console/protocol.ts";
import { CLOSE_CODES, PICTURE_HEADER } from "../../client/console/protocol.ts";
import { PICTURE_HEADER as SERVED_HEADER } from "../../server/console/picture-frame.ts";
import {
	type NodeFigures,
	CLOSE_CODES as SERVED_CODES,
	type ServerMessage,
} from "../../server/console/server-message.ts";
import type { ConsoleFilterBody, LogFilterBody } from "../../server/schemas/console/filter.ts";
import type { ClientMessage } from "../../server/schemas/console/messages.ts";
import type { ReferenceTestResult } from "../../server/schemas/console/reference-test.ts";
import type { ConsoleRow } from "../../server/schemas/console/row.ts";
import type { ActionProgress, StreamSet } from "../../server/schemas/console/sets.ts";

/** True when each of the two may stand for the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

test("what the page says and hears is what the service's schemas and messages are", () => {
	// The compiler holds these; at run time there is nothing to see but that they were compiled.
	const agreed: [
		Same<ClientMessage, Page.ClientMessage>,
		Same<ServerMessage, Page.ServerMessage>,
		Same<ConsoleFilterBody, Page.ConsoleFilter>,
		Same<LogFilterBody, Page.LogFilter>,
		Same<ConsoleRow, Page.ConsoleRow>,
		Same<NodeFigures, Page.NodeFigures>,
		Same<StreamSet, Page.StreamSet>,
		Same<ActionProgress, Page.ActionProgress>,
		Same<ReferenceTestResult, Page.ReferenceTest>,
	] = [true, true, true, true, true, true, true, true, true];
	expect(agreed).not.toContain(false);
	expect(SERVED_CODES).toEqual(CLOSE_CODES);
	expect(SERVED_HEADER).toBe(PICTURE_HEADER);
});

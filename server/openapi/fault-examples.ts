import { Fault, type FaultCode } from "../../persistence/fault.ts";
import { type ErrorBody, errorAnswer } from "../http/catalogue.ts";

/** A fault as the document shows it. */
export interface FaultExample {
	summary: string;
	value: ErrorBody;
	/** The answer says when to ask again. */
	retryAfter: boolean;
}

type Values = Readonly<Record<string, string | number>>;

const id = "557d54ec-29ad-4f3c-93b4-c9092ef12515";

/** When each fault is met, and values for an example of it. */
const examples: Readonly<Record<FaultCode, { summary: string; values?: Values }>> = {
	1: { summary: "Something went wrong that should not; the log knows more." },
	12012: { summary: "A parameter or header has a bad value.", values: { name: "account_id" } },
	12013: { summary: "There is no such path; an id in a path is a uuid in lower case." },
	12014: { summary: "A required parameter is missing.", values: { names: "log_time__lt" } },
	12021: { summary: "The path does not know this verb; `Allow` says which it knows." },
	12022: {
		summary: "The body is not what its schema says.",
		values: { path: "", message: "Additional properties are not allowed ('faces' was unexpected)" },
	},
	12023: { summary: "The body is of another type than JSON.", values: { types: "application/json" } },
	12024: { summary: "The answer has none of the forms that the client accepts." },
	12027: { summary: "The body is not JSON.", values: { message: "the body is not JSON" } },
	39001: { summary: "There is no such stream, or it belongs to another account.", values: { id } },
	39002: {
		summary: "No stream begins with this status.",
		values: { value: "done", list: "pending, pause" },
	},
	39003: { summary: "A video file that is processed cannot pause.", values: { id } },
	39004: { summary: "The stream is in progress already.", values: { id } },
	39005: { summary: "The stream has ended already.", values: { id } },
	39006: { summary: "Another group has this name.", values: { name: "hd_stream_2" } },
	39007: { summary: "There is no group of this name.", values: { name: "hd_stream_2" } },
	39008: { summary: "There is no such group, or it belongs to another account.", values: { id } },
	39009: { summary: "The stream shows no pictures now.", values: { kind: "live", id } },
	39010: { summary: "The picture could not be had from the agent.", values: { reason: "the upstream timed out" } },
	39901: { summary: "The body is larger than this service reads.", values: { limit: 8_388_608 } },
	39902: { summary: "The client has not said who it is.", values: { reason: "a token is required" } },
	39903: { summary: "The Host header names a host that this service is not.", values: { reason: "unknown host" } },
	39904: { summary: "Too many requests in a short time.", values: { seconds: 5 } },
	39905: { summary: "A part that is needed is away, or the service ends.", values: { part: "database" } },
};

/** An example of a fault: its body as the service would answer it. */
export function faultExample(code: FaultCode): FaultExample {
	const { summary, values = {} } = examples[code];
	const { body, headers } = errorAnswer(new Fault(code, values));
	return { summary, value: body, retryAfter: headers["Retry-After"] !== undefined };
}

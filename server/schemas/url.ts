import Type, { type TSchemaOptions } from "typebox";
import { text } from "./text.ts";

interface UrlOptions extends TSchemaOptions {
	maxLength?: number;
}

/** An absolute http or https URL with a host. */
export function httpUrl(options: UrlOptions = {}) {
	return Type.Refine(
		text({ maxLength: 2048, examples: ["http://127.0.0.1:5165/"], ...options }),
		hasHost,
		() => "URL host invalid",
	);
}

function hasHost(value: string): boolean {
	// The parser would mend what is not written as a URL: `http:host`, blanks around it, backslashes. A URL of these two
	// schemes without a host it refuses.
	return /^https?:\/\/[^\s/\\?#][^\s\\]*$/i.test(value) && URL.canParse(value);
}

import Type, { type TSchemaOptions } from "typebox";
import { urlOf } from "../url.ts";
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

/** Longer than any name of a host, with its port: to make ASCII of a name takes time with the square of its length. */
const LONGEST_HOST = 300;

function hasHost(value: string): boolean {
	// The parser would mend what is not written as a URL: `http:host`, blanks around it, backslashes. A URL of these two
	// schemes without a host it refuses.
	if (!/^https?:\/\/[^\s/\\?#][^\s\\]*$/i.test(value)) return false;
	const [authority = ""] = /^[^/?#]*/.exec(value.slice(value.indexOf("://") + 3)) ?? [];
	return authority.length - authority.lastIndexOf("@") <= LONGEST_HOST + 1 && urlOf(value) !== null;
}

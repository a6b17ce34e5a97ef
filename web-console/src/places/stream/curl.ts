/** What stands for a secret in what the service shows, and what stands for it in a command. */
const MASK = "********";
const PLACEHOLDER = "<secret>";

/** A word for a POSIX shell that is exactly this text, whatever is in it. */
export function shellWord(text: string): string {
	if (/^[A-Za-z0-9_./:@%+=,-]+$/.test(text)) return text;
	return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Members of a stream as it is read that are no part of a body. */
const WRITTEN = ["account_id", "name", "description", "data", "event_handler", "policies", "location", "autorestart"];
const AUTORESTART_WRITTEN = ["restart", "attempt_count", "delay"];

/** The body that would create such a stream. */
export function bodyOfStream(stream: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const body = picked(stream, WRITTEN);
	return { ...body, autorestart: picked(Object(body["autorestart"]), AUTORESTART_WRITTEN) };
}

/**
 * The command that would create such a stream. Secrets are not in it: where one stood it says `<secret>`.
 *
 * @param base where the service is, with a slash at the end
 * @param stream as the console has it, its secrets hidden
 */
export function createCommand(base: string, stream: Readonly<Record<string, unknown>>): string {
	const body = JSON.stringify(bodyOfStream(stream), (_, value) =>
		typeof value === "string" ? value.replaceAll(MASK, PLACEHOLDER) : value,
	);
	return [
		"curl -sS",
		"-X POST",
		shellWord(`${base}1/streams`),
		`-H ${shellWord("Content-Type: application/json")}`,
		`--data-raw ${shellWord(body)}`,
	].join(" ");
}

function picked(from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
	return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}

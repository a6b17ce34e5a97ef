import { pictureSettings, regionText } from "./picture-facts.ts";

export interface Setting {
	/** The member's path: `data.rotation`. */
	readonly path: string;
	/** Its value in words. */
	readonly text: string;
}

export const NOT_GIVEN = "not given";

/** What a stream reports of itself, which is shown elsewhere. */
const REPORTED = new Set(["autorestart.current_attempt", "autorestart.last_attempt_time", "autorestart.status"]);

/** The settings below a member of a stream, in the order of the API. */
export function settingsOf(value: unknown, path: string): Setting[] {
	if (REPORTED.has(path) || value === undefined) return [];
	if (path === "data.roi" || path === "data.droi") {
		const { roi } = pictureSettings({ data: { roi: value } });
		return [{ path, text: regionText(roi) }];
	}
	if (typeof value === "object" && value !== null && !Array.isArray(value))
		return Object.entries(value).flatMap(([name, member]) => settingsOf(member, `${path}.${name}`));
	return [{ path, text: textOf(value, path) }];
}

function textOf(value: unknown, path: string): string {
	if (value === null || value === "") return NOT_GIVEN;
	if (path === "autorestart.restart") return value === 1 ? "yes" : "no";
	if (typeof value === "boolean") return value ? "yes" : "no";
	if (Array.isArray(value)) return value.join(", ");
	return String(value);
}

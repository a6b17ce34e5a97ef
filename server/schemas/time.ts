import Type, { type TSchemaOptions } from "typebox";
import { IsDateTime } from "typebox/format";

/** A time in RFC 3339 with its offset, for instance `2021-09-21T11:11:41.674Z`. */
export function time(options: TSchemaOptions = {}) {
	return Type.Refine(
		Type.String({ title: "time", format: "date-time", examples: ["2021-09-21T11:11:41.674Z"], ...options }),
		isTime,
		() => "must be a time in RFC 3339",
	);
}

/** RFC 3339 and nothing more: no zone name in brackets, as RFC 9557 would have it. */
export function isTime(value: string): boolean {
	return value.length <= 64 && !value.includes("[") && IsDateTime(value);
}

/**
 * A time that `isTime` accepts, in UTC and with its fraction of a second as given but no finer than microseconds, which is
 * what the database keeps; undefined outside the years 1 to 9999. The database itself refuses some offsets of RFC 3339.
 */
export function inUtc(value: string): string | undefined {
	const [, day, seconds, fraction = "", offset] =
		/^(.{10})[Tt](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.exec(value) ?? [];
	if (day === undefined || seconds === undefined || offset === undefined) return undefined;
	const leap = seconds.endsWith(":60");
	const second = leap ? `${seconds.slice(0, -2)}59` : seconds;
	const wall = Date.parse(`${day}T${second}Z`);
	if (Number.isNaN(wall)) return undefined;
	const utc = new Date(wall - minutesOf(offset) * 60_000 + (leap ? 1000 : 0)).toISOString();
	// A year beyond four digits has a sign; the year 0 is none of the database's.
	if (!/^\d{4}-/.test(utc) || utc.startsWith("0000")) return undefined;
	return `${utc.slice(0, 19)}${fraction.slice(0, 7)}Z`;
}

/**
 * A time that `isTime` accepts, as every answer writes times (contract, section 1): in UTC, to the millisecond. One outside the
 * years 1 to 9999 has no such form and stays as it is.
 */
export function asAnswered(value: string): string {
	if (answered.test(value)) return value;
	const utc = inUtc(value);
	return utc === undefined ? value : `${utc.slice(0, 19)}.${utc.slice(20, -1).padEnd(3, "0").slice(0, 3)}Z`;
}

const answered = /^.{10}T.{8}\.\d{3}Z$/;

function minutesOf(offset: string): number {
	if (offset === "Z" || offset === "z") return 0;
	const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
	return offset.startsWith("-") ? -minutes : minutes;
}

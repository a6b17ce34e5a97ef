import ipaddr from "ipaddr.js";
import { urlOf } from "../url.ts";

/**
 * What one setting is: its type as people read it, its default and meaning, and the check that a value must pass,
 * whether it came from the YAML file or as text from the environment (contract, section 12).
 */
export interface Setting<T> {
	readonly kind: "setting";
	/** For people: `integer, 1 to 65535`. */
	readonly type: string;
	readonly default: T;
	/** One or two sentences, ending in a full stop. */
	readonly meaning: string;
	/** `seconds`, `bytes` …; absent where the value has none. */
	readonly unit?: string;
	/** `whole`: never shown. `url`: shown without its password. */
	readonly secret?: "whole" | "url";
	/** A change counts without a restart, after a SIGHUP. */
	readonly live?: true;
	/** The checked value. Throws `BadValue`. */
	readonly check: (value: unknown) => T;
	/** The text of an environment variable as the value that YAML would give; `check` judges it. */
	readonly read: (text: string) => unknown;
}

/** Why a value was refused, as the end of the sentence "<name> …". Never holds a secret. */
export class BadValue extends Error {}

interface About<T> {
	default: T;
	meaning: string;
	unit?: string;
	live?: true;
}

interface Bounded extends About<number> {
	min: number;
	max: number;
}

/** A whole number within its bounds. */
export function integer({ min, max, ...about }: Bounded): Setting<number> {
	const type = `integer, ${min} to ${max}`;
	const check = (value: unknown) => {
		if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
		throw new BadValue(`must be an integer from ${min} to ${max}, not ${shown(value)}`);
	};
	return { kind: "setting", type, ...about, check, read: readNumber };
}

/** A number within its bounds, fractions allowed. */
export function number({ min, max, ...about }: Bounded): Setting<number> {
	const type = `number, ${min} to ${max}`;
	const check = (value: unknown) => {
		if (typeof value === "number" && value >= min && value <= max) return value;
		throw new BadValue(`must be a number from ${min} to ${max}, not ${shown(value)}`);
	};
	return { kind: "setting", type, ...about, check, read: readNumber };
}

/** A duration in seconds, fractions allowed. */
export function seconds(about: Omit<Bounded, "unit">): Setting<number> {
	return number({ ...about, unit: "seconds" });
}

/** Off or on, written 0 or 1 as the original does; `false` and `true` are understood. */
export function flag(about: About<0 | 1>): Setting<0 | 1> {
	const check = (value: unknown) => {
		if (value === 0 || value === false) return 0;
		if (value === 1 || value === true) return 1;
		throw new BadValue(`must be 0 or 1, not ${shown(value)}`);
	};
	const read = (text: string) => (text === "true" ? true : text === "false" ? false : readNumber(text));
	return { kind: "setting", type: "0 or 1", ...about, check, read };
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[], about: About<NoInfer<T>>): Setting<T> {
	const check = (value: unknown) => {
		const word = words.find((each) => each === value);
		if (word !== undefined) return word;
		throw new BadValue(`must be one of ${words.join(", ")}, not ${shown(value)}`);
	};
	return { kind: "setting", type: `one of ${words.join(", ")}`, ...about, check, read: readText };
}

interface TextForm {
	/** What a value must match; an empty default is always good. */
	pattern?: RegExp;
	/** The pattern for people, as the end of "must be …". */
	form?: string;
	secret?: "whole" | "url";
}

/** Text without control characters, at most 4096 characters. */
export function text({ pattern, form, secret, ...about }: About<string> & TextForm): Setting<string> {
	const check = (value: unknown) => {
		const said = secret === undefined ? `, not ${shown(value)}` : "";
		if (typeof value !== "string") throw new BadValue(`must be text (put it in quotes)${said}`);
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
		if (value.length > 4096 || /[\0-\x1f\x7f]/.test(value)) throw new BadValue("must be one short line of text");
		const unset = value === "" && about.default === "";
		const fits = unset || ((pattern?.test(value) ?? true) && (secret !== "url" || isAddress(value)));
		if (!fits) throw new BadValue(`must be ${form}${said}`);
		return value;
	};
	const base = { kind: "setting", type: form ?? "text", ...about, check, read: readText } as const;
	return secret === undefined ? base : { ...base, secret };
}

/** A list of texts; in the environment separated by commas, or as JSON. */
export function texts({
	pattern,
	form,
	...about
}: About<readonly string[]> & TextForm & { form: string }): Setting<readonly string[]> {
	const item = text({ default: "-", meaning: "", form, ...(pattern ? { pattern } : {}) });
	return { kind: "setting", type: `list: ${form}`, ...about, check: listOf(item), read: readList(readText) };
}

/** A list of whole numbers; in the environment separated by commas, or as JSON. */
export function integers({ min, max, ...about }: About<readonly number[]> & Bounds): Setting<readonly number[]> {
	const item = integer({ min, max, default: min, meaning: "" });
	const type = `list of integers, ${min} to ${max}`;
	return { kind: "setting", type, ...about, check: listOf(item), read: readList(readNumber) };
}

type Bounds = Pick<Bounded, "min" | "max">;

/** A list of networks in CIDR notation, IPv4 or IPv6. */
export function networks(about: About<readonly string[]>): Setting<readonly string[]> {
	const item = texts({ ...about, form: "networks in CIDR notation" });
	const check = (value: unknown) => {
		const list = item.check(value);
		const bad = list.find((each) => !ipaddr.isValidCIDR(each));
		if (bad !== undefined) throw new BadValue(`must hold networks in CIDR notation, not ${shown(bad)}`);
		return list;
	};
	return { ...item, check };
}

const maxListLength = 1000;

function listOf<T>(item: Setting<T>): (value: unknown) => readonly T[] {
	return (value) => {
		if (!Array.isArray(value)) throw new BadValue(`must be a list, not ${shown(value)}`);
		if (value.length > maxListLength) throw new BadValue(`must hold at most ${maxListLength} items`);
		return Object.freeze(value.map((each) => item.check(each)));
	};
}

function readText(text: string): unknown {
	return text;
}

/** Decimal only: no blank, no hexadecimal, no exponent. What is not a number stays text, for `check` to refuse. */
function readNumber(text: string): unknown {
	return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function readList(readItem: (text: string) => unknown): (text: string) => unknown {
	return (text) => {
		if (text.trim() === "") return [];
		if (text.trimStart().startsWith("[")) {
			try {
				return JSON.parse(text);
			} catch {
				// Not JSON after all: `check` refuses the text as it is and shows it.
				return text;
			}
		}
		return text.split(",").map((each) => readItem(each.trim()));
	};
}

/** A refused value for a message: short, on one line. */
function shown(value: unknown): string {
	if (value === null || value === undefined) return "nothing";
	const json = JSON.stringify(value) ?? typeof value;
	return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}

/** With several hosts, as PostgreSQL's may have, an address is no URL as the standard knows them. */
function isAddress(value: string): boolean {
	return value.includes(",") || urlOf(value) !== null;
}

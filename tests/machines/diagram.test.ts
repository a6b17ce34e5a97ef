import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createStreamMachine } from "../../machines/stream-machine.ts";
import { type Arrow, arrowsOf } from "./lifecycle-diagram.ts";
import { edgesOf, explore } from "./lifecycle-edges.ts";
import { TABLE_POLICY } from "./lifecycle-table.ts";

const page = readFileSync(new URL("../../docs/lifecycle.md", import.meta.url), "utf8");
const arrows = arrowsOf(page);
const machine = createStreamMachine(TABLE_POLICY);
const edges = edgesOf(machine, explore(machine));

const drawn = arrows.filter((arrow) => arrow.from !== "created");
const line = (from: string, event: string, to: string, conditional: boolean) =>
	`${from} --> ${to} : ${event}${conditional ? " (…)" : ""}`;
const lineOf = (arrow: Arrow) => line(arrow.from, arrow.event, arrow.to, arrow.condition !== null);

describe("the diagram of the manual", () => {
	it("draws every edge that the machine has, and the machine has every edge that is drawn", () => {
		const real = edges.map((edge) => line(edge.from, edge.event, edge.to, edge.conditional));
		expect(drawn.map(lineOf).sort()).toEqual(real.sort());
	});

	it("draws each edge once", () => {
		expect(new Set(arrows.map(lineOf)).size).toBe(arrows.length);
	});

	it("begins a stream as pending or pause", () => {
		expect(arrows.filter((arrow) => arrow.from === "created").map(lineOf)).toEqual([
			"created --> pending : create",
			"created --> pause : create",
		]);
	});

	it("explains each of its events in the table below it, and no other", () => {
		const [, table = ""] = /\| event \| where it comes from \|\n\|---\|---\|\n((?:\|.*\n)+)/.exec(page) ?? [];
		const explained = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, event]) => event);
		expect(explained.sort()).toEqual([...new Set(arrows.map((arrow) => arrow.event))].sort());
	});

	it("is read by a parser that passes over nothing", () => {
		const diagram = (text: string) => `\`\`\`mermaid\nstateDiagram-v2\n${text}\n\`\`\`\n`;
		expect(arrowsOf(diagram("    pending --> in_progress : take / healthy (if so)"))).toEqual([
			{ from: "pending", to: "in_progress", event: "take", condition: null },
			{ from: "pending", to: "in_progress", event: "healthy", condition: "if so" },
		]);
		expect(() => arrowsOf(diagram("pending --> gone : take"))).toThrow("gone");
		expect(() => arrowsOf(diagram("note left of pending : x"))).toThrow("note");
		expect(() => arrowsOf(diagram("pending --> done : feedback: done"))).toThrow("feedback:");
	});
});

import type { Scenario } from "../scenario.ts";
import { CREATE } from "../site.ts";

const CONNECTIONS = 64;

export const create: Scenario = {
	name: "create",
	sentence: "one stream a request, 64 connections, durable",
	prepare: async () => undefined,
	ours: (site, seconds) => site.requests([CREATE], seconds, { connections: CONNECTIONS, expect: 201 }),
	against: {
		"same statement": (site, seconds) => site.statements("create", CONNECTIONS, 1, seconds),
	},
	bar: "printed beside its ceiling",
	met: () => true,
};

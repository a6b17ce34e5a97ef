import type { Sql } from "postgres";
import { Parameters, where } from "../parameters.ts";
import { query } from "../query.ts";
import type { Scope } from "../scope.ts";
import { consoleConditions } from "./filter.ts";
import { milliseconds } from "./stream.ts";

/** An agent, as far as its streams tell. Times are ms since 1970. */
export interface AgentFigures {
	agent_id: string;
	streams: number;
	/** Of the stream that was heard of longest ago. */
	oldest_feedback_time: number | null;
	newest_feedback_time: number | null;
}

/** The agents that process streams of a scope now, those with most first. */
export async function agentFigures(sql: Sql, scope: Scope, limit: number): Promise<AgentFigures[]> {
	const parameters = new Parameters();
	const conditions = await consoleConditions(sql, {}, scope, parameters);
	if (conditions === null) return [];
	const { streams, states } = conditions;
	const from = `stream_states t${streams.length > 0 ? " JOIN streams s ON s.stream_id = t.stream_id" : ""}`;
	return query<AgentFigures>(
		sql,
		`SELECT t.agent_id, count(*)::float8 AS streams,
			${milliseconds("min(t.feedback_time)")} AS oldest_feedback_time,
			${milliseconds("max(t.feedback_time)")} AS newest_feedback_time
		FROM ${from} ${where([...streams, ...states, "t.status = 'in_progress'", "t.agent_id IS NOT NULL"])}
		GROUP BY t.agent_id ORDER BY count(*) DESC, t.agent_id LIMIT ${parameters.add(limit, "bigint")}`,
		parameters,
	);
}

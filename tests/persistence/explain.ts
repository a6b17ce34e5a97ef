import postgres from "postgres";

/** What a statement's execution touched. */
export interface Work {
	/** Tables that were read from end to end, but for the small one of groups. */
	wholeTables: string[];
	/** Indexes used. */
	indexes: string[];
	/** Rows that scans came by, those included that a filter then refused; but for groups. */
	rows: number;
}

interface PlanNode {
	"Node Type": string;
	"Relation Name"?: string;
	"Index Name"?: string;
	"Actual Rows": number;
	"Actual Loops": number;
	"Rows Removed by Filter"?: number;
	Plans?: PlanNode[];
}

/** Runs the work, then explains the last statement it sent, with the same parameters, while executing it again. */
export async function explainLast(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<Work> {
	let last = { text: "", parameters: [] as unknown[] };
	const sql = postgres(url, {
		max: 1,
		onnotice: () => undefined,
		debug: (_, text, parameters) => {
			last = { text, parameters };
		},
	});
	try {
		await work(sql);
		const { text, parameters } = last;
		const [row] = await sql.unsafe<[{ "QUERY PLAN": [{ Plan: PlanNode }] }]>(
			`EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
			parameters as string[],
		);
		const found: Work = { wholeTables: [], indexes: [], rows: 0 };
		collect(row["QUERY PLAN"][0].Plan, found);
		return found;
	} finally {
		await sql.end();
	}
}

function collect(node: PlanNode, found: Work): void {
	for (const child of node.Plans ?? []) collect(child, found);
	if (node["Relation Name"] === "groups") return;
	if (node["Node Type"] === "Seq Scan" && node["Relation Name"] !== undefined) {
		found.wholeTables.push(node["Relation Name"]);
	}
	if (node["Index Name"] !== undefined) found.indexes.push(node["Index Name"]);
	if (node["Relation Name"] !== undefined || node["Index Name"] !== undefined) {
		found.rows += (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
	}
}

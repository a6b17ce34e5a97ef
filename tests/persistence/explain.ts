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

interface Statement {
	text: string;
	parameters: unknown[];
}

const isMergeSetting = ({ text }: Statement): boolean => text.startsWith("SELECT set_config(");

/**
 * Runs the work, then explains the last statement it sent, with the same parameters, while executing it again; and the
 * one before it that was told to merge, under the same settings.
 */
export async function explainLast(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<Work> {
	const sent: Statement[] = [];
	const sql = postgres(url, {
		max: 1,
		onnotice: () => undefined,
		debug: (_, text, parameters) => {
			if (!/^(begin|commit)/i.test(text)) sent.push({ text, parameters });
		},
	});
	try {
		await work(sql);
		const statements = [...sent];
		const off = statements.findIndex(isMergeSetting);
		const found: Work = { wholeTables: [], indexes: [], rows: 0 };
		const explain = async (within: postgres.ISql, { text, parameters }: Statement) => {
			const [row] = await within.unsafe<[{ "QUERY PLAN": [{ Plan: PlanNode }] }]>(
				`EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
				parameters as string[],
			);
			collect(row["QUERY PLAN"][0].Plan, found);
		};
		const merged = statements[off + 1];
		if (off !== -1 && merged !== undefined) {
			await sql.begin(async (within) => {
				await within.unsafe(String(statements[off]?.text), statements[off]?.parameters as string[]);
				await explain(within, merged);
			});
		}
		const last = statements.filter((statement) => !isMergeSetting(statement)).at(-1);
		if (last !== undefined && last !== merged) await explain(sql, last);
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

import type { Sql, TransactionSql } from "postgres";
import { isConnectionLoss } from "./sql-state.ts";

/**
 * Runs work in a transaction; `options` as after BEGIN. When its connection is lost the transaction is over, and the work must not end: the
 * driver would send ROLLBACK or COMMIT into a socket that is gone, which nobody could catch. The caller hears of the loss
 * from the driver all the same, which rejects what it began.
 */
export function transaction<T>(
	sql: Sql,
	options: string,
	work: (within: TransactionSql) => Promise<T>,
): Promise<Awaited<T>> {
	const never = new Promise<never>(() => undefined);
	let over = false;
	const result = sql.begin(options, async (within): Promise<T> => {
		try {
			const value = await work(within);
			return over ? await never : value;
		} catch (error) {
			if (over || isConnectionLoss(error)) return never;
			throw error;
		}
	});
	result.catch(() => {
		over = true;
	});
	return result as Promise<Awaited<T>>;
}

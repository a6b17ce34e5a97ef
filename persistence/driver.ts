import postgres, { type Sql } from "postgres";

/**
 * The driver, with a mend: in 3.4.9 a statement that fails after its first rows (a time limit, a division by zero) leaves their
 * number in its connection, and the next answer on that connection begins with as many holes, so that its first row is
 * `undefined` (ADR 025). They are taken out here, wherever a statement is waited for. Whoever gets rows in another way, by a
 * cursor, must not follow such a statement on its connection.
 */
mendAnswers(postgres({ max: 1, target_session_attrs: "primary" }));
export default postgres;

type Settled = (value: unknown) => unknown;

/** All statements are of one class, which the driver does not export: one that is never sent shows it. */
function mendAnswers(sql: Sql): void {
	const statements: { then: PromiseLike<unknown>["then"] } = Object.getPrototypeOf(sql`SELECT 1`);
	const { then } = statements;
	// biome-ignore lint/suspicious/noThenProperty: a statement is a promise, and this is its own `then`
	statements.then = function (this: PromiseLike<unknown>, done?: Settled | null, failed?: Settled | null) {
		const whole = typeof done === "function" ? (answer: unknown) => done(withoutHoles(answer)) : done;
		return then.call(this, whole, failed);
	} as typeof then;
}

function withoutHoles(answer: unknown): unknown {
	if (!Array.isArray(answer) || answer.length === 0 || 0 in answer) return answer;
	let first = 1;
	while (first < answer.length && !(first in answer)) first++;
	answer.splice(0, first);
	return answer;
}

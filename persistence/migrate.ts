import { readdir, readFile } from "node:fs/promises";
import type { Sql, TransactionSql } from "postgres";
import { transaction } from "./transaction.ts";

/** Beside this module, in the sources as in `dist/`: the build copies the folder. */
const folder = new URL("./migrations/", import.meta.url);

/** Any number that nobody else in this database uses; "perigee" in ASCII. */
const lockKey = "31636739460654437";

/** A numbered file of `persistence/migrations/`: `0001_first.sql` is number 1, named `first`. */
export interface Migration {
	number: number;
	name: string;
	/** Code that does not know the migration of this number must not run on the database any more; 0: any code may. */
	needs: number;
	/** Its one statement changes a part of the rows that it is about, and is run until there are none, each time in a transaction. */
	repeated?: boolean;
	text: string;
}

/** The database was changed by a newer version, in a way that says this version cannot work with it. */
export class IncompatibleDatabase extends Error {
	constructor(needs: number, known: number) {
		super(
			`the database needs a newer version of this program: it asks for migration ${needs}, the newest known here is ${known}`,
		);
		this.name = "IncompatibleDatabase";
	}
}

/**
 * Brings the schema up to date: forward only, each file once and in a transaction of its own that also records it in
 * the table `migrations`. Any number of nodes may call it at the same moment: an advisory lock lets one work at a time,
 * the others find it done.
 *
 * What fills in many rows says `-- repeated`, so that the nodes that are at work wait for a part of the rows, for a moment, and not
 * for all of them until the end.
 *
 * Old and new nodes run side by side, so a migration never breaks the version before it, and a database that knows
 * migrations which this code does not is normal: it is left alone. The one that at last removes what an old version
 * used says so by a line `-- needs: <number>` in its file: code that does not know that migration is then refused with
 * `IncompatibleDatabase`, as soon as it starts.
 */
export async function migrate(sql: Sql, migrations?: readonly Migration[]): Promise<void> {
	const known = migrations ?? (await readMigrations());
	const applied = await readApplied(sql, known);
	for (const migration of known) {
		if (applied.has(migration.number)) continue;
		while (!(await step(sql, migration, known))) {
			// The next part of its rows.
		}
	}
}

/** @returns whether the migration is applied: by this step, or by another node. */
function step(sql: Sql, migration: Migration, known: readonly Migration[]): Promise<boolean> {
	return transaction(sql, "", async (within) => {
		// The pool's time limits are for requests. Waiting here means that another node is at work.
		await within`SET LOCAL lock_timeout = 0`;
		await within`SET LOCAL statement_timeout = 0`;
		await within`SET LOCAL idle_in_transaction_session_timeout = 0`;
		await within`SELECT pg_advisory_xact_lock(${lockKey}::bigint)`;
		if ((await readApplied(within, known)).has(migration.number)) return true;
		// A change of a table queues behind its readers, and everybody else behind the change: better to give up.
		await within`SET LOCAL lock_timeout = '10s'`;
		return apply(within, migration);
	});
}

/**
 * The migrations of this code, oldest first. A number may be left out, for a change that is still on its way; no two
 * have the same. Throws when a file has no such name.
 */
export async function readMigrations(): Promise<Migration[]> {
	const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
	const migrations = await Promise.all(
		files.map(async (file) => {
			const [, digits, name] = /^(\d{4})_(\w+)\.sql$/.exec(file) ?? [];
			if (digits === undefined || name === undefined) throw new Error(`${file} is not the name of a migration`);
			const text = await readFile(new URL(file, folder), "utf8");
			const needs = Number(/^-- needs: (\d+)$/m.exec(text)?.[1] ?? 0);
			const repeated = /^-- repeated$/m.test(text);
			return { number: Number(digits), name, needs, repeated, text };
		}),
	);
	const numbers = new Set(migrations.map(({ number }) => number));
	if (numbers.size < migrations.length) throw new Error("two migrations have the same number");
	return migrations;
}

/** The numbers that the database knows. Throws `IncompatibleDatabase`. */
async function readApplied(sql: Sql | TransactionSql, known: readonly Migration[]): Promise<Set<number>> {
	// Not `to_regclass`: it reads a cache that waiting for an advisory lock does not refresh, and was seen to miss the
	// table that another node had just made.
	const [table] = await sql<[{ exists: boolean }]>`
		SELECT EXISTS (
			SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE c.relname = 'migrations' AND n.nspname = current_schema()
		) AS exists`;
	if (!table.exists) return new Set();
	const rows = await sql<{ number: number; needs: number }[]>`SELECT number, needs FROM migrations`;
	const needs = Math.max(0, ...rows.map((row) => row.needs));
	const newest = known.at(-1)?.number ?? 0;
	if (needs > newest) throw new IncompatibleDatabase(needs, newest);
	return new Set(rows.map((row) => row.number));
}

async function apply(sql: TransactionSql, migration: Migration): Promise<boolean> {
	if (migration.number === 1) {
		await sql`
			CREATE TABLE migrations (
				number       integer PRIMARY KEY,
				name         text NOT NULL,
				needs        integer NOT NULL,
				applied_time timestamptz NOT NULL DEFAULT now()
			)`;
	}
	// Without parameters the driver sends the whole file as one simple query of many statements.
	const { count } = await sql.unsafe(migration.text);
	if (migration.repeated && count > 0) return false;
	await sql`
		INSERT INTO migrations (number, name, needs)
		VALUES (${migration.number}::int, ${migration.name}, ${migration.needs}::int)`;
	return true;
}

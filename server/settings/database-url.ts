import type { Settings } from "./table.ts";

/** The address of the operator's database as a `postgres://` URL, or null when the embedded one is used. */
export function databaseUrl({ LUNA_STREAMS_DB: db }: Settings): string | null {
	if (db.DB_TYPE === "embedded") return null;
	if (db.DSN !== "") return db.DSN;
	const password = db.DB_PASSWORD === "" ? "" : `:${encodeURIComponent(db.DB_PASSWORD)}`;
	const host = db.DB_HOST.includes(":") && !db.DB_HOST.startsWith("[") ? `[${db.DB_HOST}]` : db.DB_HOST;
	const user = encodeURIComponent(db.DB_USER);
	return `postgres://${user}${password}@${host}:${db.DB_PORT}/${encodeURIComponent(db.DB_NAME)}`;
}

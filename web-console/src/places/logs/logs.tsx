import { useEffect, useMemo } from "preact/hooks";
import { api, connection } from "../../app/console.ts";
import { address, setQuery } from "../../app/router.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { download } from "../../controls/download.ts";
import { RecordLabel } from "../../controls/record-label.tsx";
import { RECORD_STATUSES } from "../../controls/record-statuses.ts";
import { countOf } from "../../controls/units.ts";
import { LogFeed } from "./log-feed.ts";
import { filterOf, type LogQuery, queryFrom } from "./log-filter.ts";
import { asCsv, asJson } from "./log-lines.ts";
import { LogTable } from "./log-table.tsx";

/** What happened to all streams, newest first, as it happens. The filter stands in the address. */
export function Logs() {
	const query = queryFrom(address.value.query);
	const filter = filterOf(query);
	const feed = useMemo(
		() => (filter === undefined ? undefined : new LogFeed(connection, api, filter)),
		[JSON.stringify(filter)],
	);
	useEffect(() => () => feed?.end(), [feed]);
	useShortcuts("Logs", [
		{
			keys: ["f"],
			does: "Follow, or stop following",
			run: () => feed?.follow(!feed.state.peek().following),
		},
	]);
	return (
		<section class="logs">
			<search class="logs-filters" aria-label="Filter of the log">
				<h1>Logs</h1>
				<StatusFilter chosen={query.statuses} />
			</search>
			<div class="logs-bar">
				{feed !== undefined && <Following feed={feed} />}
				<IdFilter label="Stream id" name="stream" value={query.stream} />
				<IdFilter label="Account id" name="account" value={query.account} />
				{(query.statuses.length > 0 || query.stream !== "" || query.account !== "") && (
					<button
						type="button"
						class="button quiet"
						onClick={() => setQuery({ status: null, stream: null, account: null })}
					>
						Show all
					</button>
				)}
				{feed !== undefined && <Downloads feed={feed} />}
			</div>
			{feed === undefined ? (
				<p class="note">A stream or an account is given by its whole id. Type or paste it, or empty the field.</p>
			) : (
				<Lines feed={feed} />
			)}
		</section>
	);
}

function StatusFilter({ chosen }: { chosen: LogQuery["statuses"] }) {
	return (
		<fieldset class="chips">
			<legend class="spoken">Statuses</legend>
			{RECORD_STATUSES.map((status) => (
				<label key={status} class="chip">
					<input
						type="checkbox"
						checked={chosen.includes(status)}
						onChange={(event) => {
							const next = event.currentTarget.checked ? [...chosen, status] : chosen.filter((each) => each !== status);
							setQuery({ status: next.join(",") });
						}}
					/>
					<RecordLabel status={status} />
				</label>
			))}
		</fieldset>
	);
}

function IdFilter({ label, name, value }: { label: string; name: string; value: string }) {
	return (
		<input
			class="field logs-id"
			type="search"
			aria-label={label}
			placeholder={label}
			spellcheck={false}
			autoComplete="off"
			value={value}
			onInput={(event) => setQuery({ [name]: event.currentTarget.value.trim().toLowerCase() })}
		/>
	);
}

function Following({ feed }: { feed: LogFeed }) {
	const { lines, waiting, following, failure } = feed.state.value;
	return (
		<>
			<button type="button" class="button logs-follow" aria-pressed={following} onClick={() => feed.follow(!following)}>
				{following ? "Pause" : "Follow"}
			</button>
			<span class="soft logs-count" role="status">
				{following
					? `Following, ${countOf(lines.length, "record")} loaded`
					: `Paused, ${countOf(waiting, "new record")} waiting`}
			</span>
			{failure !== undefined && (
				<span class="form-verdict" role="alert">
					{failure}
				</span>
			)}
		</>
	);
}

function Downloads({ feed }: { feed: LogFeed }) {
	const { lines } = feed.state.value;
	const save = (kind: "json" | "csv") => {
		const name = `perigee-log-${new Date().toISOString().replace(/[:.]/g, "-")}.${kind}`;
		if (kind === "json") download(name, "application/json", asJson(lines));
		else download(name, "text/csv", asCsv(lines));
	};
	return (
		<span class="logs-downloads">
			<button type="button" class="button" disabled={lines.length === 0} onClick={() => save("json")}>
				Download JSON
			</button>
			<button type="button" class="button" disabled={lines.length === 0} onClick={() => save("csv")}>
				Download CSV
			</button>
		</span>
	);
}

function Lines({ feed }: { feed: LogFeed }) {
	const { lines, more, asking, failure } = feed.state.value;
	if (lines.length === 0) return <p class="note">{asking ? "Asking …" : emptyText(failure !== undefined)}</p>;
	return (
		<LogTable
			lines={lines}
			foot={
				more || failure !== undefined ? (
					<button type="button" class="button" disabled={asking} onClick={() => feed.older()}>
						Load older records
					</button>
				) : (
					<span class="soft">These are all, {countOf(lines.length, "record")}.</span>
				)
			}
		/>
	);
}

function emptyText(failed: boolean): string {
	return failed
		? "The log could not be read. It is asked for again when the filter changes, or when the page is loaded again."
		: "No record matches. Those that match from now on appear here by themselves.";
}

import { useEffect, useMemo } from "preact/hooks";
import { api, mayAudit, me } from "../../app/console.ts";
import { address, setQuery } from "../../app/router.ts";
import { countOf } from "../../controls/units.ts";
import { AuditFeed } from "./audit-feed.ts";
import { ACTIONS, type AuditFilter, type AuditQuery, filterOf, queryFrom } from "./audit-filter.ts";
import { ACTION_WORDS } from "./audit-records.ts";
import { AuditTable } from "./audit-table.tsx";

/** Milliseconds after which it is looked for new records, while the page is seen. */
const RENEW = 5_000;

/** Who did what, newest first; for administrators. The filter stands in the address. */
export function Audit() {
	const query = queryFrom(address.value.query);
	const filter = filterOf(query);
	return (
		<section class="logs">
			<search class="logs-filters" aria-label="Filter of the audit">
				<h1>Audit</h1>
				<ActionFilter chosen={query.action} />
				<TextFilter label="Who" name="actor" value={query.actor} />
				<TextFilter label="Stream id" name="stream" value={query.stream} />
				<TextFilter label="Group id" name="group" value={query.group} />
				{Object.values(query).some((each) => each !== "") && (
					<button
						type="button"
						class="button quiet"
						onClick={() => setQuery({ action: null, actor: null, stream: null, group: null })}
					>
						Show all
					</button>
				)}
			</search>
			{!mayAudit.value && (
				<p class="note">
					{me.value === null ? "Asking …" : "Only administrators of the whole service may read the audit."}
				</p>
			)}
			{mayAudit.value && filter === undefined && <p class="note">That is no whole id, so nothing matches.</p>}
			{mayAudit.value && filter !== undefined && <Records filter={filter} />}
		</section>
	);
}

function Records({ filter }: { filter: AuditFilter }) {
	const feed = useMemo(() => new AuditFeed(api, filter), [JSON.stringify(filter)]);
	useEffect(() => {
		const timer = setInterval(() => {
			if (!document.hidden) feed.renew();
		}, RENEW);
		return () => {
			clearInterval(timer);
			feed.end();
		};
	}, [feed]);
	const { records, more, asking, failure } = feed.state.value;
	const verdict = failure !== undefined && (
		<p class="form-verdict" role="alert">
			{failure}
		</p>
	);
	if (records.length === 0)
		return (
			<>
				{verdict}
				<p class="note">{asking ? "Asking …" : "No record matches."}</p>
			</>
		);
	return (
		<>
			{verdict}
			<AuditTable
				records={records}
				foot={
					more ? (
						<button type="button" class="button" disabled={asking} onClick={() => feed.older()}>
							Load older records
						</button>
					) : (
						<span class="soft">These are all, {countOf(records.length, "record")}.</span>
					)
				}
			/>
		</>
	);
}

function ActionFilter({ chosen }: { chosen: AuditQuery["action"] }) {
	return (
		<select
			class="field"
			aria-label="Action"
			value={chosen}
			onChange={(event) => setQuery({ action: event.currentTarget.value || null })}
		>
			<option value="">Any action</option>
			{ACTIONS.map((each) => (
				<option key={each} value={each}>
					{ACTION_WORDS[each]}
				</option>
			))}
		</select>
	);
}

function TextFilter({ label, name, value }: { label: string; name: string; value: string }) {
	return (
		<input
			class="field logs-id"
			type="search"
			aria-label={label}
			placeholder={label}
			spellcheck={false}
			autoComplete="off"
			value={value}
			onInput={(event) => setQuery({ [name]: event.currentTarget.value })}
		/>
	);
}

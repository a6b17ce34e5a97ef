import { clock } from "../../app/console.ts";
import { ago, countOf, moment } from "../../controls/units.ts";
import { STANDING_WORDS, standingOf, type Token } from "./token-list.ts";

/** As many of a token's accounts or groups as stand in its row as they are. */
const FEW = 2;

interface TokensTableProps {
	tokens: readonly Token[];
	onRevoke: (token: Token) => void;
}

export function TokensTable({ tokens, onRevoke }: TokensTableProps) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
		<section class="table-scroll" tabIndex={0} aria-label="List of tokens">
			<table class="table tokens-table">
				<thead>
					<tr>
						{["Name", "Begins with", "Role", "Accounts", "Groups", "Made", "Expires", "Last used", "State"].map(
							(each) => (
								<th key={each} scope="col">
									{each}
								</th>
							),
						)}
						<th scope="col">
							<span class="spoken">Actions</span>
						</th>
					</tr>
				</thead>
				<tbody>
					{tokens.map((token) => (
						<Row key={token.token_id} token={token} onRevoke={onRevoke} />
					))}
				</tbody>
			</table>
		</section>
	);
}

function Row({ token, onRevoke }: { token: Token; onRevoke: (token: Token) => void }) {
	const { name, prefix, role, accounts, groups, create_time, expire_time, use_time, revoke_time } = token;
	const standing = standingOf(token, clock.now.value);
	return (
		<tr data-standing={standing}>
			<th scope="row" class="name wrap">
				<bdi>{name}</bdi>
			</th>
			<td class="mono">{prefix}</td>
			<td>{role}</td>
			<td class="wrap">
				<Items items={accounts} one="account" />
			</td>
			<td class="wrap">
				<Items items={groups} one="group" />
			</td>
			<td>
				<Time time={create_time} />
			</td>
			<td>{expire_time === null ? "never" : <Time time={expire_time} />}</td>
			<td>
				{use_time === null ? (
					"never"
				) : (
					<time dateTime={use_time} title={moment(Date.parse(use_time))}>
						{ago(Date.parse(use_time), clock.now.value)}
					</time>
				)}
			</td>
			<td>
				<span class="token-standing" title={revoke_time === null ? undefined : moment(Date.parse(revoke_time))}>
					{STANDING_WORDS[standing]}
				</span>
			</td>
			<td class="row-actions">
				{standing === "valid" && (
					<button
						type="button"
						class="button quiet"
						aria-label={`Revoke ${name} (${prefix})`}
						onClick={() => onRevoke(token)}
					>
						Revoke
					</button>
				)}
			</td>
		</tr>
	);
}

function Time({ time }: { time: string }) {
	return <time dateTime={time}>{moment(Date.parse(time))}</time>;
}

/** What a token is for: all, a few as they are, or how many, which opens to all of them. */
function Items({ items, one }: { items: readonly string[] | null; one: string }) {
	if (items === null) return <>all</>;
	if (items.length === 0) return <>none</>;
	const list = <span class={one === "account" ? "mono" : undefined}>{items.join(", ")}</span>;
	if (items.length <= FEW) return list;
	return (
		<details>
			<summary>{countOf(items.length, one)}</summary>
			{list}
		</details>
	);
}

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { api, clock, mayManageTokens, me } from "../../app/console.ts";
import { address, setQuery } from "../../app/router.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { useAsked } from "../../controls/asked.ts";
import { countOf } from "../../controls/units.ts";
import { CreateTokenDialog, type MadeToken } from "./create-token-dialog.tsx";
import { RevokeTokenDialog } from "./revoke-token-dialog.tsx";
import { SecretDialog } from "./secret-dialog.tsx";
import { allTokens, matching, queryFrom, STANDING_WORDS, STANDINGS, searchable, type Token } from "./token-list.ts";
import { TokensTable } from "./tokens-table.tsx";

/** A made token is held here, and nowhere else, while its dialog is open. */
type Open =
	| { readonly what: "create" }
	| { readonly what: "made"; readonly made: MadeToken }
	| { readonly what: "revoke"; readonly token: Token };

const PAGE = 50;
/** Milliseconds after which it is looked again who uses which, while the page is seen. */
const RENEW = 15_000;

/** The tokens that open the service; for administrators of the whole of it. */
export function Tokens() {
	if (mayManageTokens.value) return <TokensKnown />;
	return <p class="note">{whyNot()}</p>;
}

function whyNot(): string {
	if (me.value === null) return "Asking …";
	if (me.value.mode === "none")
		return "Access is not controlled here (AUTH.MODE none): there is nothing that a token would open.";
	return "Only administrators of the whole service may read, make and revoke tokens.";
}

function TokensKnown() {
	const round = useSignal(0);
	const open = useSignal<Open | null>(null);
	const maker = useRef<HTMLButtonElement>(null);
	const { value, failure } = useAsked((signal) => allTokens(api, signal), [round.value], RENEW).value;
	const close = () => {
		open.value = null;
	};
	const create = () => {
		open.value = { what: "create" };
	};
	useShortcuts("Tokens", [{ keys: ["n"], does: "Make a token", run: create }]);

	return (
		<section class="page wide">
			<div class="page-head">
				<h1>Tokens</h1>
				{value !== undefined && <span class="soft">{countOf(value.tokens.length, "token")}</span>}
				<button ref={maker} type="button" class="button main" onClick={create}>
					Make a token
				</button>
			</div>
			<p class="lead">Who shows one of these is let in as what it says. Browsers log in with them, agents send them.</p>
			{failure !== undefined && (
				<p class="form-verdict" role="alert">
					{failure}{" "}
					<button type="button" class="button" onClick={() => round.value++}>
						Ask again
					</button>
				</p>
			)}
			{value === undefined && failure === undefined && <p class="soft">Asking …</p>}
			{value?.tokens.length === 0 && (
				<p class="empty">There are no tokens yet: whoever came in showed a JWT of the provider of identities.</p>
			)}
			{value?.more && <p class="soft">These are the oldest {countOf(value.tokens.length, "token")}; there are more.</p>}
			{value !== undefined && value.tokens.length > 0 && (
				<Matching tokens={value.tokens} onRevoke={(token) => (open.value = { what: "revoke", token })} />
			)}
			{open.value?.what === "create" && (
				<CreateTokenDialog
					onClose={close}
					onMade={(made) => {
						open.value = { what: "made", made };
						round.value++;
					}}
				/>
			)}
			{open.value?.what === "made" && (
				<SecretDialog
					made={open.value.made}
					onClose={() => {
						close();
						// The dialog came in the place of another one: the browser does not know where the focus was before.
						maker.current?.focus();
					}}
				/>
			)}
			{open.value?.what === "revoke" && (
				<RevokeTokenDialog token={open.value.token} onClose={close} onDone={() => round.value++} />
			)}
		</section>
	);
}

/** Those that the address asks for, a page at a time. */
function Matching({ tokens, onRevoke }: { tokens: readonly Token[]; onRevoke: (token: Token) => void }) {
	const params = address.value.query;
	const query = queryFrom(params);
	const found = matching(tokens, query, clock.now.value);
	const pages = Math.max(1, Math.ceil(found.length / PAGE));
	const page = Math.min(pages, Math.max(1, Math.trunc(Number(params.get("page"))) || 1));
	return (
		<>
			<search class="tokens-filter" aria-label="Filter of the tokens">
				<input
					class="field"
					type="search"
					aria-label="Name or beginning"
					placeholder="Name or beginning"
					spellcheck={false}
					autoComplete="off"
					value={query.find}
					onInput={(event) => setQuery({ find: searchable(event.currentTarget.value), page: null })}
				/>
				<select
					class="field"
					aria-label="State"
					value={query.standing}
					onChange={(event) => setQuery({ standing: event.currentTarget.value || null, page: null })}
				>
					<option value="">Any state</option>
					{STANDINGS.map((each) => (
						<option key={each} value={each}>
							{STANDING_WORDS[each]}
						</option>
					))}
				</select>
			</search>
			{found.length === 0 ? (
				<p class="empty">No token matches.</p>
			) : (
				<TokensTable tokens={found.slice((page - 1) * PAGE, page * PAGE)} onRevoke={onRevoke} />
			)}
			{pages > 1 && (
				<nav class="pager" aria-label="Pages of tokens">
					<button
						type="button"
						class="button"
						disabled={page <= 1}
						onClick={() => setQuery({ page: String(page - 1) })}
					>
						Previous page
					</button>
					<span>
						Page {page} of {pages}
					</span>
					<button
						type="button"
						class="button"
						disabled={page >= pages}
						onClick={() => setQuery({ page: String(page + 1) })}
					>
						Next page
					</button>
				</nav>
			)}
		</>
	);
}

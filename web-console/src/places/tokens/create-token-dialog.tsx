import { useSignal } from "@preact/signals";
import type { Schemas } from "../../../../client/perigee-client.ts";
import { api, clock } from "../../app/console.ts";
import { dataOf, faultText } from "../../controls/asked.ts";
import { ChoiceInput } from "../../controls/choice-input.tsx";
import { ConfirmDialog } from "../../controls/confirm-dialog.tsx";
import { TextInput } from "../../controls/text-input.tsx";
import type { PlacedError } from "../../forms/invalid-body.ts";
import {
	bodyOf,
	EMPTY,
	isReady,
	itemsOf,
	ROLE_WORDS,
	refusedField,
	scopeWords,
	type TokenDraft,
	type TokenField,
	wrongIn,
} from "./token-draft.ts";

export type MadeToken = Schemas["token_created"];

interface CreateTokenDialogProps {
	onClose: () => void;
	onMade: (made: MadeToken) => void;
}

const ROLES = [
	["viewer", "Viewer"],
	["operator", "Operator"],
	["agent", "Agent"],
	["admin", "Administrator"],
] as const satisfies readonly (readonly [TokenDraft["role"], string])[];

const EXPIRIES = [
	["never", "Never"],
	["7", "In 7 days"],
	["30", "In 30 days"],
	["90", "In 90 days"],
	["365", "In a year"],
	["at", "At a moment …"],
] as const satisfies readonly (readonly [TokenDraft["expires"], string])[];

/** Asks what a token is to be, and makes it. */
export function CreateTokenDialog({ onClose, onMade }: CreateTokenDialogProps) {
	const draft = useSignal<TokenDraft>(EMPTY);
	const refused = useSignal<PlacedError | undefined>(undefined);
	const made = useSignal<MadeToken | undefined>(undefined);
	const now = clock.now.value;
	const { name, role, accounts, groups, expires, at } = draft.value;
	const set = (field: TokenField, changes: Partial<TokenDraft>) => {
		draft.value = { ...draft.peek(), ...changes };
		// What the service said of another value says nothing of this one.
		if (refused.peek()?.path === field) refused.value = undefined;
	};
	const message = (field: TokenField, text: string) => {
		if (refused.value?.path === field) return refused.value.message;
		return text === "" ? "" : wrongIn(field, draft.value, now);
	};
	const listed = (text: string) => {
		const items = itemsOf(text);
		return items.length === 0 ? null : items;
	};

	return (
		<ConfirmDialog
			title="Make a token"
			confirm="Make the token"
			ready={isReady(draft.value, now)}
			act={async () => {
				const answer = await api.POST("/console/tokens", { body: bodyOf(draft.peek(), clock.now.peek()) });
				if (answer.error !== undefined) return { error: answer.error };
				made.value = dataOf(answer);
				return {};
			}}
			wordsOf={(error) => {
				refused.value = refusedField(error);
				return refused.value === undefined ? faultText(error) : "The token is not made: see what is marked above.";
			}}
			onClose={onClose}
			onDone={() => made.value && onMade(made.value)}
		>
			<TextInput
				label="Name"
				required
				value={name}
				onInput={(text) => set("name", { name: text })}
				message={message("name", name)}
				hint="Whose it is, or what for. The audit calls by it whoever shows the token."
			/>
			<ChoiceInput
				label="Role"
				value={role}
				choices={ROLES}
				onChosen={(chosen) => set("role", { role: chosen })}
				message={message("role", role)}
				hint={`Who shows it ${ROLE_WORDS[role]}.`}
			/>
			<TextInput
				label="Accounts"
				lines={2}
				value={accounts}
				onInput={(text) => set("accounts", { accounts: text })}
				message={message("accounts", accounts)}
				hint="Ids, with commas or blanks between them. Empty: all."
			/>
			<TextInput
				label="Groups"
				value={groups}
				onInput={(text) => set("groups", { groups: text })}
				message={message("groups", groups)}
				hint="Names, with commas or blanks between them. Empty: all."
			/>
			<ChoiceInput
				label="Expires"
				value={expires}
				choices={EXPIRIES}
				onChosen={(chosen) => set("expire_time", { expires: chosen })}
				message={expires === "at" ? "" : message("expire_time", expires)}
				hint={expires === "never" ? "It is good until somebody revokes it." : ""}
			/>
			{expires === "at" && (
				<TextInput
					label="Moment"
					type="datetime-local"
					required
					value={at}
					onInput={(text) => set("expire_time", { at: text })}
					message={message("expire_time", at)}
					hint="By the clock of this browser."
				/>
			)}
			<p class="token-scope">
				It is for <strong>{scopeWords(listed(accounts), listed(groups))}</strong>.
			</p>
		</ConfirmDialog>
	);
}

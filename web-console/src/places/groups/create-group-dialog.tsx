import { useSignal } from "@preact/signals";
import { api } from "../../app/console.ts";
import { notify } from "../../app/notices.ts";
import { ConfirmDialog } from "../../controls/confirm-dialog.tsx";
import { TextInput } from "../../controls/text-input.tsx";
import { rememberAccount, rememberedAccount } from "../../stores/remembered-account.ts";
import { MAX_DESCRIPTION, wrongAccount, wrongDescription, wrongName } from "./group-checks.ts";

interface CreateGroupDialogProps {
	onClose: () => void;
	onDone: () => void;
}

export function CreateGroupDialog({ onClose, onDone }: CreateGroupDialogProps) {
	const name = useSignal("");
	const description = useSignal("");
	const account = useSignal(rememberedAccount());
	const ready =
		wrongName(name.value) === "" && wrongDescription(description.value) === "" && wrongAccount(account.value) === "";
	return (
		<ConfirmDialog
			title="Create a group"
			confirm="Create the group"
			ready={ready}
			act={() =>
				api.POST("/1/groups", {
					body: { account_id: account.value, group_name: name.value, description: description.value },
				})
			}
			onClose={onClose}
			onDone={() => {
				rememberAccount(account.value);
				notify(`The group ${name.value} is created.`, "good");
				onDone();
			}}
		>
			<TextInput
				label="Name"
				required
				value={name.value}
				onInput={(text) => {
					name.value = text;
				}}
				message={name.value === "" ? "" : wrongName(name.value)}
				hint="Latin letters, digits, - and _. No other group has it, and it stays."
			/>
			<TextInput
				label="Account id"
				required
				value={account.value}
				onInput={(text) => {
					account.value = text;
				}}
				message={account.value === "" ? "" : wrongAccount(account.value)}
				hint="The account that the group belongs to."
				placeholder="557d54ec-29ad-4f3c-93b4-c9092ef12515"
			/>
			<TextInput
				label="Description"
				lines={3}
				value={description.value}
				onInput={(text) => {
					description.value = text;
				}}
				message={wrongDescription(description.value)}
				hint={`At most ${MAX_DESCRIPTION} characters.`}
			/>
		</ConfirmDialog>
	);
}

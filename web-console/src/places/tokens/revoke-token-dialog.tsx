import { api } from "../../app/console.ts";
import { notify } from "../../app/notices.ts";
import { ConfirmDialog } from "../../controls/confirm-dialog.tsx";
import type { Token } from "./token-list.ts";

interface RevokeTokenDialogProps {
	token: Token;
	onClose: () => void;
	onDone: () => void;
}

/** Says what becomes of whoever uses the token, and revokes it. */
export function RevokeTokenDialog({ token, onClose, onDone }: RevokeTokenDialogProps) {
	const { token_id, name, prefix, role } = token;
	return (
		<ConfirmDialog
			title={`Revoke the token ${name}?`}
			confirm="Revoke the token"
			keep="Keep the token"
			danger
			act={() => api.DELETE("/console/tokens/{token_id}", { params: { path: { token_id } } })}
			onClose={onClose}
			onDone={() => {
				notify(`The token ${name} is revoked.`, "good");
				onDone();
			}}
		>
			<p>
				It begins with <code>{prefix}</code> and has the role {role}. Whoever shows it is refused from now on, on every
				node, and the sessions that browsers opened with it end: yours too, if you logged in with it. This cannot be
				undone.
			</p>
		</ConfirmDialog>
	);
}

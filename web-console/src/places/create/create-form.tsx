import { useEffect, useMemo } from "preact/hooks";
import { hrefOf } from "../../app/address.ts";
import { notify } from "../../app/notices.ts";
import { address, go } from "../../app/router.ts";
import { wayTo } from "../../app/way-to.ts";
import type { Draft } from "../../forms/draft.ts";
import { FormState } from "../../forms/form-state.ts";
import { useGroupNames } from "../../forms/group-names.ts";
import { type Backdrop, WHOLE_FRAME } from "../../forms/region-section.tsx";
import { createStream } from "../../forms/sending.ts";
import { StreamForm } from "../../forms/stream-form.tsx";
import { rememberAccount, rememberedAccount } from "../../stores/remembered-account.ts";

const NOTHING_KNOWN: Backdrop = {
	source: null,
	picture: null,
	madeWith: { roi: WHOLE_FRAME, rotation: 0 },
};
const EMPTY: Draft = { "data.type": "tcp", "autorestart.restart": "1", status: "pending" };

/** The form of a new stream; the account is the one of the last stream that was created here. */
export function CreateForm() {
	const groups = useGroupNames();
	const form = useMemo(() => {
		const group = address.peek().query.get("group") ?? "";
		return new FormState({ ...EMPTY, account_id: rememberedAccount(), group_name: group });
	}, []);
	useEffect(() => {
		const warn = (event: BeforeUnloadEvent) => {
			if (form.changed) event.preventDefault();
		};
		addEventListener("beforeunload", warn);
		return () => removeEventListener("beforeunload", warn);
	}, [form]);
	return (
		<StreamForm
			form={form}
			backdrop={NOTHING_KNOWN}
			groups={groups}
			submit="Create the stream"
			onCancel={() => go(wayTo("streams"))}
			onSubmit={async (body) => {
				const sent = await createStream(body);
				if (!("stream_id" in sent)) return sent;
				rememberAccount(String(form.draft["account_id"] ?? ""));
				notify("The stream is created.", "good");
				go(hrefOf("stream", [sent.stream_id]));
				return null;
			}}
		/>
	);
}

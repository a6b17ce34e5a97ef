import { useMemo } from "preact/hooks";
import type { ConsoleRow } from "../../../../client/console/protocol.ts";
import { hrefOf } from "../../app/address.ts";
import { notify } from "../../app/notices.ts";
import { go } from "../../app/router.ts";
import { isolated } from "../../controls/isolated.ts";
import type { Shown } from "../../drawing/live-picture.ts";
import { draftOf } from "../../forms/draft.ts";
import { FormState } from "../../forms/form-state.ts";
import { useGroupNames } from "../../forms/group-names.ts";
import { withWholeFrames } from "../../forms/region-section.tsx";
import { recreateStream } from "../../forms/sending.ts";
import { StreamForm } from "../../forms/stream-form.tsx";
import { bodyOfStream } from "./curl.ts";
import { pictureSettings, sourceSize } from "./picture-facts.ts";

interface RecreateFormProps {
	row: ConsoleRow;
	stream: Readonly<Record<string, unknown>>;
	/** The last one; regions are drawn on it. */
	picture: Shown | null;
}

/** The form of a stream that is there; regions are drawn on its last picture. */
export function RecreateForm({ row, stream, picture }: RecreateFormProps) {
	const groups = useGroupNames();
	// What the form began with stays, whatever happens to the stream meanwhile.
	const begun = useMemo(() => {
		const draft = withWholeFrames(draftOf(bodyOfStream(stream)));
		return {
			form: new FormState({ ...draft, status: row.status === "pause" ? "pause" : "pending" }),
			version: row.version,
		};
	}, []);
	const { roi, rotation } = pictureSettings(stream);
	const back = hrefOf("stream", [row.stream_id]);
	return (
		<>
			{row.version !== begun.version && (
				<p class="note" role="alert">
					Somebody else has recreated this stream since you opened the form: it is at version {row.version} now. What
					you send replaces theirs.
				</p>
			)}
			<StreamForm
				form={begun.form}
				stream_id={row.stream_id}
				backdrop={{ source: sourceSize(row), picture, madeWith: { roi, rotation } }}
				groups={groups}
				submit="Recreate the stream"
				secretHint="What stands as ******** stays what it is; type it anew to change it."
				onCancel={() => go(back)}
				onSubmit={async (body) => {
					const sent = await recreateStream(row.stream_id, body);
					if (!("stream_id" in sent)) return sent;
					notify(`${isolated(row.name || row.stream_id)} is recreated.`, "good");
					go(back);
					return null;
				}}
			/>
		</>
	);
}

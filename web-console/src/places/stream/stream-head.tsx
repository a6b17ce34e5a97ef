import { useSignal } from "@preact/signals";
import type { ConsoleRow } from "../../../../client/console/protocol.ts";
import { hrefOf } from "../../app/address.ts";
import { base, mayAct } from "../../app/console.ts";
import { notify } from "../../app/notices.ts";
import { go } from "../../app/router.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { download, fileName } from "../../controls/download.ts";
import { StatusLabel } from "../../controls/status.tsx";
import { askable } from "../../diagram/lifecycle.ts";
import { ACTIONS, ActionDialog, type StreamAction } from "./action-dialog.tsx";
import { createCommand } from "./curl.ts";
import { DescriptionDialog } from "./description-dialog.tsx";

interface StreamHeadProps {
	row: ConsoleRow;
	stream: Readonly<Record<string, unknown>>;
}

/** Name, status, description, and what can be done with the stream. */
export function StreamHead({ row, stream }: StreamHeadProps) {
	const open = useSignal<StreamAction | "describe" | null>(null);
	const description = String(stream["description"] ?? "");
	const can = askable({
		status: row.status,
		videofile: row.type === "videofile",
		awaitsRestart: row.restart.status === "in_progress",
	});
	const possible = (action: StreamAction) => action === "delete" || can.has(ACTIONS[action].status);
	const ask = (what: StreamAction | "describe") => {
		if (what === "describe" || possible(what)) open.value = what;
	};
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(createCommand(base, stream));
			notify("The command is copied. It holds no secrets: put them in where it says <secret>.", "good");
		} catch {
			// Not allowed, or not a secure page: nothing was copied, and the reader has to know.
			notify("The browser does not let this page copy. Download the stream as JSON instead.", "bad");
		}
	};
	const save = () =>
		download(fileName(row.name || row.stream_id, "json"), "application/json", `${JSON.stringify(stream, null, 2)}\n`);
	useShortcuts("This stream", [
		{ keys: ["p"], does: "Pause it", offered: mayAct, run: () => ask("pause") },
		{ keys: ["r"], does: "Resume it", offered: mayAct, run: () => ask("resume") },
		{ keys: ["c"], does: "Cancel it", offered: mayAct, run: () => ask("cancel") },
		{ keys: ["Delete"], does: "Delete it", offered: mayAct, run: () => ask("delete") },
		{ keys: ["e"], does: "Edit its description", offered: mayAct, run: () => ask("describe") },
		{
			keys: ["Shift+E"],
			does: "Edit all of it: recreate it",
			offered: mayAct,
			run: () => go(hrefOf("stream", [row.stream_id, "recreate"])),
		},
		{ keys: ["y"], does: "Copy it as a curl command", run: () => void copy() },
	]);

	return (
		<header class="stream-head">
			<div class="stream-title">
				<h1>
					<bdi>{row.name || "No name"}</bdi>
				</h1>
				<StatusLabel status={row.status} />
				<p class="stream-description">
					<span dir="auto">{description || "No description"}</span>
					{mayAct.value && (
						<button type="button" class="button quiet" onClick={() => ask("describe")}>
							Edit the description
						</button>
					)}
				</p>
			</div>
			<div class="stream-actions">
				{mayAct.value && (
					<>
						{(["pause", "resume", "cancel"] as const).map((action) => (
							<button
								key={action}
								type="button"
								class="button"
								disabled={!possible(action)}
								title={possible(action) ? undefined : whyNot(action, row)}
								onClick={() => ask(action)}
							>
								{ACTIONS[action].word}
							</button>
						))}
						<a class="button" href={hrefOf("stream", [row.stream_id, "recreate"])}>
							Recreate
						</a>
					</>
				)}
				<button type="button" class="button" onClick={() => void copy()}>
					Copy as curl
				</button>
				<button type="button" class="button" onClick={save}>
					Download JSON
				</button>
				{mayAct.value && (
					<button type="button" class="button danger" onClick={() => ask("delete")}>
						Delete
					</button>
				)}
			</div>
			{open.value === "describe" && (
				<DescriptionDialog
					stream_id={row.stream_id}
					description={description}
					onClose={() => {
						open.value = null;
					}}
				/>
			)}
			{open.value !== null && open.value !== "describe" && (
				<ActionDialog
					action={open.value}
					row={row}
					onClose={() => {
						open.value = null;
					}}
				/>
			)}
		</header>
	);
}

function whyNot(action: "pause" | "resume" | "cancel", { status, type }: ConsoleRow): string {
	if (action === "pause")
		return type === "videofile" && status === "in_progress"
			? "A video file in progress cannot be paused"
			: "It is paused";
	if (action === "resume")
		return status === "pending" ? "It waits for an agent already" : "It is being processed already";
	return "It is finished";
}

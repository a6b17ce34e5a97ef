import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ActionProgress, StreamSet } from "../../../../client/console/protocol.ts";
import { hrefOf } from "../../app/address.ts";
import { Dialog } from "../../controls/dialog.tsx";
import { STATUS_WORDS, STATUSES, StatusMark } from "../../controls/status.tsx";
import type { Bulk } from "../../stores/bulk.ts";
import type { Group } from "../../stores/group-names.ts";
import { ACTION_MEANING, ACTION_WORDS, namesWords, questionWords, streamsWords } from "./action-words.ts";

interface ActionDialogProps {
	bulk: Bulk;
	groups: readonly Group[];
	onClose: () => void;
}

/** Asks how many and which, and then shows how it goes and what could not be done. */
export function ActionDialog({ bulk, groups, onClose }: ActionDialogProps) {
	const { action } = bulk;
	const state = bulk.state.value;
	const needsGroup = action === "attach" || action === "detach";
	const group = useSignal("");
	const confirm = useRef<HTMLButtonElement>(null);
	useEffect(() => {
		// The ids are there: one more press of Enter does it, unless it cannot be undone.
		if (state.step === "asking" && action !== "delete" && !needsGroup) confirm.current?.focus();
	}, [state.step, action, needsGroup]);

	const close = (
		<button type="button" class="button" onClick={onClose}>
			{state.step === "running" ? "Close, it goes on" : state.step === "asking" ? "Do nothing" : "Close"}
		</button>
	);
	return (
		<Dialog
			title={
				state.step === "freezing" || state.step === "failed" ? ACTION_WORDS[action] : questionWords(action, state.set)
			}
			onClose={onClose}
			actions={
				<>
					{close}
					{(state.step === "asking" || state.step === "beginning") && (
						<button
							ref={confirm}
							type="button"
							class={action === "delete" ? "button danger" : "button main"}
							disabled={state.step === "beginning" || state.set.total === 0 || (needsGroup && group.value === "")}
							onClick={() => void bulk.confirm(needsGroup ? group.value : undefined)}
						>
							{ACTION_WORDS[action]} {streamsWords(state.set.total)}
						</button>
					)}
				</>
			}
		>
			{state.step === "freezing" && <p role="status">Counting …</p>}
			{state.step === "failed" && <p role="alert">{state.reason}</p>}
			{(state.step === "asking" || state.step === "beginning") && (
				<>
					<Which set={state.set} />
					<p>{ACTION_MEANING[action]}</p>
					{needsGroup && (
						<select
							class="field"
							aria-label="Group"
							onChange={(event) => {
								group.value = event.currentTarget.value;
							}}
						>
							<option value="">Choose a group</option>
							{groups.map(({ group_id, name }) => (
								<option key={group_id} value={group_id}>
									{name}
								</option>
							))}
						</select>
					)}
				</>
			)}
			{(state.step === "running" || state.step === "finished") && <Course progress={state.progress} />}
		</Dialog>
	);
}

function Which({ set }: { set: StreamSet }) {
	return (
		<div class="action-which">
			<ul>
				{STATUSES.filter((status) => set.counts[status] > 0).map((status) => (
					<li key={status} class="status" data-status={status}>
						<StatusMark status={status} />
						{set.counts[status].toLocaleString("en")} {STATUS_WORDS[status].toLowerCase()}
					</li>
				))}
			</ul>
			<p class="action-names">{set.total === 0 ? "No stream matches any more." : namesWords(set)}</p>
		</div>
	);
}

function Course({ progress }: { progress: ActionProgress }) {
	const { done, total, outcomes, problems, finished } = progress;
	const results = [
		[outcomes.applied, "done"],
		[outcomes.unchanged, "unchanged"],
		[outcomes.refused, "refused"],
		[outcomes.failed, "failed"],
	] as const;
	return (
		<>
			<progress class="action-progress" max={Math.max(1, total)} value={done} aria-label="How far it is" />
			<p role="status">
				{finished
					? done < total
						? "Ended before its end"
						: "Finished"
					: `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`}
				{": "}
				{results
					.filter(([count]) => count > 0)
					.map(([count, word]) => `${count.toLocaleString("en")} ${word}`)
					.join(", ") || "nothing yet"}
			</p>
			{problems.length > 0 && (
				<ul class="action-problems" aria-label="What was not done">
					{problems.map(({ stream_id, name, desc, detail }) => (
						<li key={stream_id} data-stream-id={stream_id}>
							<a href={hrefOf("stream", [stream_id])}>
								<bdi>{name || stream_id}</bdi>
							</a>{" "}
							{desc}
							{detail !== "" && detail !== desc && `: ${detail}`}
						</li>
					))}
				</ul>
			)}
		</>
	);
}

import type { ComponentChildren } from "preact";
import type { ConsoleRow } from "../../../../client/console/protocol.ts";
import { clock } from "../../app/console.ts";
import { ago, duration, moment, rounded, until } from "../../controls/units.ts";

interface NowPanelProps {
	row: ConsoleRow;
	/** When the present status began, as far as the log tells. */
	since: number | null;
}

/** What is going on now: who processes it, how well, what went wrong, and what happens next. */
export function NowPanel({ row, since }: NowPanelProps) {
	const now = clock.now.value;
	const picture = [
		row.width && row.height ? `${row.width} × ${row.height} px` : "",
		row.frame_rate ? `${rounded(row.frame_rate)} fps` : "",
	].filter((each) => each !== "");
	return (
		<section class="panel" aria-labelledby="now-title">
			<h2 id="now-title">Now</h2>
			{row.error !== null && (
				<div class="error-box">
					<p class="error-title">
						<bdi>{row.error.desc}</bdi> <span class="error-code">error {row.error.error_code}</span>
					</p>
					{row.error.detail !== "" && row.error.detail !== row.error.desc && (
						<p class="error-detail" dir="auto">
							{row.error.detail}
						</p>
					)}
				</div>
			)}
			<dl class="facts">
				{since !== null && <Fact name="In this status for">{duration(now - since)}</Fact>}
				<Fact name="Processed by">{agentText(row)}</Fact>
				{row.feedback_time !== null && <Fact name="Last feedback">{ago(row.feedback_time, now)}</Fact>}
				{picture.length > 0 && <Fact name="Video">{picture.join(", ")}</Fact>}
				{row.progress !== null && (
					<Fact name="Progress">
						<span class="progress-row">
							<progress max="1" value={row.progress} aria-label="Progress" /> {rounded(row.progress * 100)} %
						</span>
					</Fact>
				)}
				<RestartFacts row={row} now={now} />
				{row.lost_count > 0 && (
					<Fact name="Lost its agent">
						{row.lost_count === 1 ? "once" : `${row.lost_count} times`} without a healthy period in between
					</Fact>
				)}
				{row.takeable_time !== null && row.takeable_time > now && (
					<Fact name="Held back">
						may be taken in {until(row.takeable_time, now)}; resume it to let it be taken at once
					</Fact>
				)}
				<Fact name="Version">{row.version}</Fact>
				<Fact name="Created">{moment(row.create_time)}</Fact>
			</dl>
		</section>
	);
}

function RestartFacts({ row, now }: { row: ConsoleRow; now: number }) {
	const { on, status, current_attempt, attempt_count, due_time, last_attempt_time } = row.restart;
	if (!on) return <Fact name="Autorestart">off</Fact>;
	return (
		<>
			<Fact name="Autorestart">
				{row.status === "failure" && due_time !== null ? (
					<strong class="countdown">
						attempt {current_attempt + 1} of {attempt_count}, {due_time <= now ? "now" : `in ${until(due_time, now)}`}
					</strong>
				) : (
					restartText(status, current_attempt, attempt_count)
				)}
			</Fact>
			{last_attempt_time !== null && <Fact name="Last attempt">{ago(last_attempt_time, now)}</Fact>}
		</>
	);
}

function restartText(status: ConsoleRow["restart"]["status"], current: number, count: number): string {
	if (status === "failed") return `given up: all ${count} attempts are used. Resume it to begin anew`;
	if (status === "denied") return "not tried: the failure is one that no restart mends";
	if (current > 0) return `attempt ${current} of ${count} is running`;
	return `on, up to ${count} ${count === 1 ? "attempt" : "attempts"}`;
}

function agentText({ status, agent_id }: ConsoleRow): ComponentChildren {
	if (status !== "in_progress") return "nobody";
	return agent_id === null ? "an agent that did not name itself" : <bdi class="mono">{agent_id}</bdi>;
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
	return (
		<div>
			<dt>{name}</dt>
			<dd>{children}</dd>
		</div>
	);
}

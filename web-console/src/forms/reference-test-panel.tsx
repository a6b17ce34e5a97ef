import type { ReferenceTest as Told } from "../../../client/console/protocol.ts";
import { turnedFrame, WHOLE } from "../drawing/region.ts";
import { RegionStage } from "../drawing/region-stage.tsx";
import type { ReferenceTest, TestState } from "./reference-test.ts";

interface ReferenceTestPanelProps {
	test: ReferenceTest;
	/** A field that the test needs is wrong. */
	onWrong: () => void;
}

/** The button that has an agent try the source, and what came of it. */
export function ReferenceTestPanel({ test, onWrong }: ReferenceTestPanelProps) {
	const { state } = test;
	const testing = state.step === "testing";
	return (
		<div class="reference-test">
			<button
				type="button"
				class="button"
				onClick={async () => {
					if (testing) test.stop();
					else if (!(await test.begin())) onWrong();
				}}
			>
				{testing ? "Stop the test" : "Test the reference"}
			</button>
			<p class="reference-test-words" role="status" data-tone={toneOf(state)}>
				<span dir="auto">{wordsOf(state)}</span>
			</p>
			{state.step === "told" && state.picture !== null && state.told.video !== null && (
				<div class="reference-test-picture">
					<RegionStage
						frame={turnedFrame(state.told.video, state.rotation)}
						picture={state.picture}
						pictureArea={WHOLE}
						regions={[]}
						label="The picture of the test"
					/>
				</div>
			)}
		</div>
	);
}

function toneOf(state: TestState): "plain" | "good" | "bad" {
	if (state.step === "refused") return "bad";
	if (state.step !== "told") return "plain";
	return state.told.outcome === "works" ? "good" : state.told.outcome === "failed" ? "bad" : "plain";
}

function wordsOf(state: TestState): string {
	switch (state.step) {
		case "idle":
			return "An agent tries to read it, before anything is saved.";
		case "testing":
			return "Waiting for an agent to read it, 20 s at most …";
		case "refused":
			return state.message;
		case "told":
			return toldWords(state.told);
	}
}

/** What came of a test, in a sentence. */
export function toldWords({ outcome, agent_id, video, error }: Told): string {
	const agent = agent_id ?? "An agent";
	const reason = error === null ? "" : ` Error ${error.error_code}, ${error.desc}: ${error.detail}`;
	switch (outcome) {
		case "works": {
			if (video === null) return `It works: ${agent} has read it to its end.`;
			const rate = video.frame_rate === null ? "" : `, ${Math.round(video.frame_rate * 10) / 10} fps`;
			return `It works: ${video.width} × ${video.height} px${rate}.`;
		}
		case "failed":
			return `It cannot be read.${reason}`;
		case "not_taken":
			return "No agent took it within 20 s: none is free, or none takes streams of this group. Nothing is known of the source.";
		case "silent":
			return `${agent} took it, and saw no picture within 20 s.${reason}`;
		case "interrupted":
			return "Somebody has paused, cancelled or deleted the stream of the test.";
	}
}

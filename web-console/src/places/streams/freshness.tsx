import type { StreamsView } from "../../stores/streams-view.ts";

/** How many streams there are, and the button that shows what has come or gone since; nothing moves by itself. */
export function Freshness({ view }: { view: StreamsView }) {
	const { state, total, appeared, strayed, failed } = view.head.value;
	const news = [
		[failed, "failed"],
		[appeared, "new"],
		[strayed, "left"],
	] as const;
	const text = news.flatMap(([count, word]) => (count > 0 ? [`${count.toLocaleString("en")} ${word}`] : [])).join(", ");
	return (
		<>
			{text !== "" && (
				<button type="button" class="button pill" onClick={() => view.refresh()}>
					{text} — show
				</button>
			)}
			<span class="streams-total" role="status">
				{state === "shown" && `${total.toLocaleString("en")} ${total === 1 ? "stream" : "streams"}`}
			</span>
		</>
	);
}

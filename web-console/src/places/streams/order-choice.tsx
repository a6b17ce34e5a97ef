import type { ConsoleOrder } from "../../../../client/console/protocol.ts";
import { setQuery } from "../../app/router.ts";

const WORDS: Readonly<Record<ConsoleOrder, string>> = {
	problems: "Problems first",
	newest: "Newest first",
	oldest: "Oldest first",
};

/** In which order the streams stand; kept in the address. */
export function OrderChoice({ order }: { order: ConsoleOrder }) {
	return (
		<select
			class="field"
			aria-label="Order"
			value={order}
			onChange={(event) =>
				setQuery({ order: event.currentTarget.value === "problems" ? null : event.currentTarget.value })
			}
		>
			{Object.entries(WORDS).map(([value, word]) => (
				<option key={value} value={value} selected={value === order}>
					{word}
				</option>
			))}
		</select>
	);
}

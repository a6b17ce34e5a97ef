import { type Place, places } from "./places.ts";
import { wayTo } from "./way-to.ts";

export function Navigation({ current }: { current: Place | undefined }) {
	const here = current?.within ?? current?.path;
	return (
		<nav class="navigation" aria-label="Places">
			{places.map(({ path, title, letter, offered }) =>
				letter === undefined || offered?.value === false ? null : (
					<a key={path} href={wayTo(path)} title={`g ${letter}`} aria-current={path === here ? "page" : undefined}>
						{title}
					</a>
				),
			)}
		</nav>
	);
}

import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

export interface Asked<T> {
	/** The newest answer; stays while the next one is on its way. */
	readonly value?: T;
	/** Why there is no newer one, in words. */
	readonly failure?: string;
}

/**
 * Asks the API when the component comes and when `inputs` change; with `every`, again after so many milliseconds while the
 * page is seen.
 */
export function useAsked<T>(
	ask: (signal: AbortSignal) => Promise<T>,
	inputs: readonly unknown[],
	every?: number,
): ReadonlySignal<Asked<T>> {
	const asked = useSignal<Asked<T>>({});
	useEffect(() => {
		const gone = new AbortController();
		let timer: ReturnType<typeof setTimeout> | undefined;
		const round = async () => {
			try {
				const value = await ask(gone.signal);
				if (!gone.signal.aborted) asked.value = { value };
			} catch (error) {
				const failure = error instanceof Error ? error.message : String(error);
				if (!gone.signal.aborted) asked.value = { ...asked.peek(), failure };
			}
			if (every !== undefined && !gone.signal.aborted) timer = setTimeout(next, every);
		};
		const next = () => {
			if (document.hidden) timer = setTimeout(next, every);
			else void round();
		};
		void round();
		return () => {
			gone.abort();
			clearTimeout(timer);
		};
	}, inputs);
	return asked;
}

/** What openapi-fetch answers: its data, or its error thrown with the catalogue's words. */
export function dataOf<T>({ data, error }: { data?: T; error?: unknown }): T {
	if (data !== undefined) return data;
	throw new Error(faultText(error));
}

/** The words of an error body of the API. */
export function faultText(error: unknown): string {
	if (typeof error === "object" && error !== null && "desc" in error && "detail" in error)
		return `${error.desc}: ${error.detail}`;
	return "The service did not answer.";
}

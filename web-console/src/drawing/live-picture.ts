import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { pictures } from "../app/console.ts";
import type { Rate } from "../socket/picture-feed.ts";

/** A decoded picture; whoever holds it does not close it. */
export interface Shown {
	readonly bitmap: ImageBitmap;
	/** When the service received it, ms since 1970. */
	readonly time: number;
}

/**
 * The newest picture of a stream, decoded; null before the first one. Pictures that come while one is being decoded are
 * passed over but for the newest.
 *
 * @param rate null: no picture is asked for, and the last one stays
 */
export function useLivePicture(stream_id: string, rate: Rate | null): ReadonlySignal<Shown | null> {
	const shown = useSignal<Shown | null>(null);
	useEffect(
		() => () => {
			shown.value?.bitmap.close();
			shown.value = null;
		},
		[stream_id],
	);
	useEffect(() => {
		if (rate === null) return undefined;
		let gone = false;
		let decoding = false;
		let next: { blob: Blob; time: number } | undefined;
		const decode = async () => {
			decoding = true;
			while (next !== undefined && !gone) {
				const { blob, time } = next;
				next = undefined;
				try {
					const bitmap = await createImageBitmap(blob);
					if (gone) bitmap.close();
					else {
						shown.peek()?.bitmap.close();
						shown.value = { bitmap, time };
					}
				} catch {
					// Not a picture after all: the one before it stays, and its age says so.
				}
			}
			decoding = false;
		};
		const wish = pictures.want(stream_id, rate, ({ bytes, type, time }) => {
			next = { blob: new Blob([bytes], { type }), time };
			if (!decoding) void decode();
		});
		return () => {
			gone = true;
			wish.end();
		};
	}, [stream_id, rate]);
	return shown;
}

import { Fault } from "../../persistence/fault.ts";
import type { Caller } from "../access/caller.ts";
import type { Headers } from "../http/reply.ts";
import { type Route, route } from "../http/route.ts";
import { ownerOf } from "../limits/owner.ts";
import type { RouteParts } from "./parts.ts";

const tag = "preview";
const pattern = "/1/streams/{stream_id}/preview";
/** Whatever an agent sends, a browser shows it as a picture or not at all. */
const headers: Headers = {
	"X-Content-Type-Options": "nosniff",
	"Content-Security-Policy": "sandbox; default-src 'none'",
	"Cache-Control": "no-store",
};

/** `…/preview/last_frame` and `…/preview/live`: pictures of a stream in progress (contract, section 11). */
export function previewRoutes({ engine, previews }: RouteParts): Route[] {
	const urlOf = async (id: string, kind: "live" | "last_frame", caller: Caller): Promise<string> => {
		const source = await engine.preview(id, caller);
		const url = source[kind];
		if (source.status !== "in_progress" || url === null) throw new Fault(39009, { kind, id });
		return url;
	};
	return [
		route({
			method: "GET",
			pattern: `${pattern}/last_frame`,
			access: "look",
			tag,
			summary: "The newest picture of a stream",
			answers: [{ status: 200, description: "The picture.", type: "image/*" }],
			faults: [39001, 39009, 39010],
			async handle({ parameters: { stream_id = "" }, signal, caller, peer, requestId }) {
				const url = await urlOf(stream_id, "last_frame", caller);
				const asker = { requestId, owner: ownerOf(caller, peer) };
				const { contentType, bytes } = await previews.lastFrame(stream_id, url, signal, asker);
				return { kind: "bytes", type: contentType, bytes, headers };
			},
		}),
		route({
			method: "GET",
			pattern: `${pattern}/live`,
			access: "look",
			tag,
			summary: "The live picture of a stream",
			description: "Pictures without end, each a part of the answer; a slow client misses some.",
			answers: [{ status: 200, description: "The pictures.", type: "multipart/x-mixed-replace" }],
			faults: [39001, 39009, 39010],
			lasts: ({ parameters: { stream_id = "" }, caller }) => engine.preview(stream_id, caller),
			async handle({ parameters: { stream_id = "" }, signal, caller, peer, requestId }) {
				const url = await urlOf(stream_id, "live", caller);
				const view = await previews.watch(stream_id, url, signal, { requestId, owner: ownerOf(caller, peer) });
				return {
					kind: "stream",
					type: view.contentType,
					headers,
					run: (writer) => view.pipe(writer),
					onUnsent: () => view.close(),
				};
			},
		}),
	];
}

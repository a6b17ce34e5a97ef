import Type from "typebox";
import type { Page } from "../../persistence/stream-row.ts";
import { integer } from "./numbers.ts";

const first: Page = { page: 1, page_size: 10 };

/** The query parameters of every list (contract, section 1). */
export const page = {
	page: Type.Optional(integer({ minimum: 1, default: first.page, description: "Number of the page." })),
	page_size: Type.Optional(
		integer({ minimum: 1, maximum: 1000, default: first.page_size, description: "Items on a page." }),
	),
};

/** The page that a list query asks for. */
export function pageOf(query: { page?: number | undefined; page_size?: number | undefined }): Page {
	return { page: query.page ?? first.page, page_size: query.page_size ?? first.page_size };
}

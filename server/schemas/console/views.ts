import Type, { type Static } from "typebox";
import { uuid } from "../identifiers.ts";
import { text } from "../text.ts";

const written = {
	name: text({
		minLength: 1,
		maxLength: 128,
		description: "Name of the view; one of the same place and name is replaced.",
	}),
	place: text({ minLength: 1, maxLength: 64, description: "The place of the console that it is of." }),
	query: text({ maxLength: 4096, description: "What the address says after the place." }),
};

export const viewToSave = Type.Object(written, {
	title: "console_view_to_save",
	description: "A place of the console with its filters, under a name.",
	additionalProperties: false,
});

export const savedView = Type.Object(
	{ view_id: uuid({ description: "Id of the view." }), ...written },
	{ title: "console_view", description: "A view that operators share." },
);
export type SavedViewBody = Static<typeof savedView>;

export const savedViews = Type.Object({ views: Type.Array(savedView) }, { title: "console_views" });

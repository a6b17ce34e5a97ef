import Type from "typebox";
import { text } from "./text.ts";

const part = (description: string) =>
	Type.Optional(Type.Union([text({ maxLength: 256 }), Type.Null()], { description, default: null }));

const position = Type.Object(
	{
		longitude: Type.Number({ minimum: -180, maximum: 180, description: "Degrees east." }),
		latitude: Type.Number({ minimum: -90, maximum: 90, description: "Degrees north." }),
	},
	{ title: "geo_position", additionalProperties: false },
);

/** Where a stream's camera stands (contract, section 3). One that was never given reads as an object of nulls. */
export const location = Type.Object(
	{
		city: part("City."),
		area: part("Area."),
		district: part("District."),
		street: part("Street."),
		house_number: part("House."),
		geo_position: Type.Optional(
			Type.Union([position, Type.Null()], { description: "Position on the globe.", default: null }),
		),
	},
	{ title: "location", description: "Where the camera stands.", additionalProperties: false, default: {} },
);

/** Whatever was thrown, as text that can be sent and logged. What comes from another thread need not be an `Error` here. */
export function thrownText(thrown: unknown): { name: string; message: string; stack: string } {
	if (typeof thrown !== "object" || thrown === null || !("message" in thrown))
		return { name: typeof thrown, message: String(thrown), stack: "" };
	return {
		name: "name" in thrown ? String(thrown.name) : "Error",
		message: String(thrown.message),
		stack: "stack" in thrown ? String(thrown.stack) : "",
	};
}

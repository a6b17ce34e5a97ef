/** A new request id (contract, section 1): `<unix seconds>,<uuid4>`. */
export function newRequestId(): string {
	// Pages that came over plain HTTP have getRandomValues, but not randomUUID.
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	const hex = Array.from(bytes, (byte, at) => {
		const marked = at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte;
		return marked.toString(16).padStart(2, "0");
	}).join("");
	const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
	return `${Math.floor(Date.now() / 1000)},${uuid}`;
}

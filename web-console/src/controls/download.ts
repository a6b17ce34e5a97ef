/** Gives the browser a file to save. */
export function download(name: string, type: "application/json" | "text/csv", text: string): void {
	const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	// The browser has taken it by the next turn.
	setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A name that every file system takes. */
export function fileName(text: string, extension: string): string {
	const clean = text.replace(/[^\p{L}\p{N}_-]+/gu, "-").replace(/^-+|-+$/g, "");
	return `${clean.slice(0, 80) || "stream"}.${extension}`;
}

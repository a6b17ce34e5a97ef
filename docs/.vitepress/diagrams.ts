import { renderMermaidSVG } from "beautiful-mermaid";
import type { MarkdownRenderer } from "vitepress";

/** Draws fenced `mermaid` blocks when the page is made: no program for it has to be loaded, and nothing is drawn by scripts. */
export function diagrams(markdown: MarkdownRenderer): void {
	const fence = markdown.renderer.rules.fence;
	markdown.renderer.rules.fence = (tokens, at, options, env, self) => {
		const token = tokens[at];
		if (token?.info.trim() === "mermaid") return `<div class="diagram" v-pre>${drawing(token.content)}</div>\n`;
		return fence ? fence(tokens, at, options, env, self) : "";
	};
}

/** The drawing, its colours left to `theme/manual.css`: the tool's own style sheet names a font elsewhere. */
function drawing(text: string): string {
	return renderMermaidSVG(text, { padding: 16 })
		.replace(/<style>[\s\S]*?<\/style>/g, "")
		.replace(/ style="[^"]*"/g, "");
}

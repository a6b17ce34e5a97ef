import type { Page } from "playwright-core";

/**
 * Everything that goes wrong in a page while a test looks elsewhere: errors that it throws or logs, what its policy forbids,
 * requests to another origin, requests that fail and answers of 400 and above. And everything that it was told, as text.
 */
export class Watcher {
	/** Text frames of its sockets, and JSON answers. */
	readonly heard: string[] = [];
	/** What the page said over its sockets. */
	readonly said: string[] = [];
	readonly #faults: string[] = [];
	readonly #expected: RegExp[] = [];
	readonly #reading = new Set<Promise<unknown>>();

	constructor(page: Page, origin: string) {
		page.on("pageerror", (error) => this.#faults.push(`thrown: ${error.stack ?? error.message}`));
		page.on("console", (said) => {
			if (said.type() === "error") this.#faults.push(`logged: ${said.text()} (${said.location().url})`);
		});
		page.on("request", (request) => {
			if (!request.url().startsWith(`${origin}/`) && !/^(data|blob):/.test(request.url()))
				this.#faults.push(`asked elsewhere: ${request.url()}`);
		});
		page.on("requestfailed", (request) => {
			const reason = request.failure()?.errorText;
			// The page itself thought better of it.
			if (reason !== "net::ERR_ABORTED") this.#faults.push(`failed: ${request.url()}: ${reason}`);
		});
		page.on("response", (answer) => {
			if (answer.status() >= 400) this.#faults.push(`answered ${answer.status()}: ${answer.url()}`);
			if (!answer.headers()["content-type"]?.startsWith("application/json")) return;
			const reading = answer.text().then(
				(text) => this.heard.push(text),
				// The page was left before the answer was whole: nobody read it.
				() => undefined,
			);
			this.#reading.add(reading);
			void reading.finally(() => this.#reading.delete(reading));
		});
		page.on("websocket", (socket) => {
			if (!socket.url().startsWith(`${origin.replace(/^http/, "ws")}/`))
				this.#faults.push(`connected elsewhere: ${socket.url()}`);
			socket.on("framesent", ({ payload }) => this.said.push(String(payload)));
			socket.on("framereceived", ({ payload }) => {
				if (typeof payload === "string") this.heard.push(payload);
			});
		});
	}

	/** Faults of this kind belong to the test: it makes them on purpose. */
	expect(fault: RegExp): void {
		this.#expected.push(fault);
	}

	/** What went wrong and was not expected. */
	async faults(): Promise<string[]> {
		await Promise.all(this.#reading);
		return this.#faults.filter((fault) => !this.#expected.some((expected) => expected.test(fault)));
	}
}

/** Runs in the page before anything of its own: what its policy forbids is told as an error, with what it was. */
export const TELL_FORBIDDEN = `addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) =>
	console.error("forbidden by " + effectiveDirective + ": " + blockedURI + " at " + sourceFile + ":" + lineNumber))`;

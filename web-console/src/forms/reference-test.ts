import { signal } from "@preact/signals";
import type { ReferenceTest as Told } from "../../../client/console/protocol.ts";
import type { Shown } from "../drawing/live-picture.ts";
import type { FormState } from "./form-state.ts";
import type { PlacedError } from "./invalid-body.ts";
import { type SourceOfForm, testSource } from "./sending.ts";

export type TestState =
	| { readonly step: "idle" }
	| { readonly step: "testing" }
	| { readonly step: "refused"; readonly message: string }
	| {
			readonly step: "told";
			readonly told: Told;
			readonly picture: Shown | null;
			/** Of the form when it was tested. */
			readonly source: string;
			readonly rotation: number;
	  };

/** Has an agent try the source that a form says, before anything is saved. */
export class ReferenceTest {
	readonly #form: FormState;
	readonly #stream_id: string | undefined;
	readonly #state = signal<TestState>({ step: "idle" });
	#stop: AbortController | null = null;

	/** @param stream_id the stream that the form writes anew: its secrets stand in for ******** */
	constructor(form: FormState, stream_id: string | undefined) {
		this.#form = form;
		this.#stream_id = stream_id;
	}

	/** What is known of the source that the form says now. */
	get state(): TestState {
		const state = this.#state.value;
		return state.step === "told" && state.source !== sourceOf(this.#form) ? { step: "idle" } : state;
	}

	/** Begins a test. False when a field that it needs is wrong, which is shown at the field. */
	async begin(): Promise<boolean> {
		const body = this.#form.bodyIf(isOfSource);
		if (!isMembers(body) || !isMembers(body["data"])) return false;
		this.stop();
		const stop = new AbortController();
		this.#stop = stop;
		this.#state.value = { step: "testing" };
		const [source, rotation] = [sourceOf(this.#form), Number(this.#form.draft["data.rotation"] ?? 0)];
		try {
			const answer = await testSource(this.#requestOf(body, body["data"]), stop.signal);
			if ("outcome" in answer) {
				const picture = await shownOf(answer);
				if (stop.signal.aborted) picture?.bitmap.close();
				else this.#state.value = { step: "told", told: answer, picture, source, rotation };
				return true;
			}
			return this.#refused(answer);
		} catch (error) {
			// Given up by whoever began it; what it was about is said by nobody.
			if (!stop.signal.aborted) throw error;
			return true;
		}
	}

	/** Gives up what is under way, and forgets what was told. */
	stop(): void {
		this.#stop?.abort();
		this.#stop = null;
		const state = this.#state.peek();
		if (state.step === "told") state.picture?.bitmap.close();
		this.#state.value = { step: "idle" };
	}

	#refused(error: PlacedError): boolean {
		const atField = error.path !== "";
		this.#state.value = atField ? { step: "idle" } : { step: "refused", message: error.message };
		if (atField) this.#form.refuse(error);
		return !atField;
	}

	#requestOf(body: Members, data: Members): SourceOfForm {
		const { account_id, group_name } = body;
		// The test shows the whole frame, whatever is wrong with its regions.
		const { roi: _, droi: __, ...source } = data;
		return {
			account_id,
			data: source,
			...(group_name !== undefined && { group_name }),
			...(this.#stream_id !== undefined && { stream_id: this.#stream_id }),
		};
	}
}

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
	return typeof value === "object" && value !== null;
}

function isOfSource(path: string): boolean {
	const ofData = path === "data" || (path.startsWith("data.") && !/^data\.d?roi(\.|$)/.test(path));
	return ofData || path === "account_id" || path === "group_name";
}

function sourceOf({ draft }: FormState): string {
	return JSON.stringify([draft["data.type"], draft["data.reference"]]);
}

async function shownOf({ picture }: Told): Promise<Shown | null> {
	if (picture === null) return null;
	const bytes = Uint8Array.from(atob(picture.base64), (letter) => letter.charCodeAt(0));
	try {
		return { bitmap: await createImageBitmap(new Blob([bytes], { type: picture.type })), time: Date.now() };
	} catch {
		// Not a picture after all: what was told stands without it.
		return null;
	}
}

import { expect, test } from "vitest";
import { RunningPart } from "../../persistence/service.ts";
import { stressService } from "./stress-service.ts";

class Ticking extends RunningPart {
	readonly name = "ticking";
	readonly #tidy: boolean;
	#timer: NodeJS.Timeout | null = null;

	constructor(tidy: boolean) {
		super();
		this.#tidy = tidy;
	}

	protected override async onStart(): Promise<void> {
		if (this.#timer !== null) throw new Error("started twice");
		this.#timer = setInterval(() => undefined, 1_000);
		await new Promise(setImmediate);
	}

	protected override async onStop(): Promise<void> {
		await new Promise(setImmediate);
		if (this.#tidy && this.#timer !== null) clearInterval(this.#timer);
		this.#timer = null;
	}
}

test("a part that keeps its promises passes", async () => {
	await stressService(() => new Ticking(true), { rounds: 100 });
});

test("a part that leaves a timer behind is found out", async () => {
	await expect(stressService(() => new Ticking(false))).rejects.toThrow(/left open after .*[\s\S]*Timeout/);
});

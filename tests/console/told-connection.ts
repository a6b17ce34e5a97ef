import type { Subscriber, Subscription } from "../../web-console/src/socket/connection.ts";
import type { Heard, Question, Remark } from "../../web-console/src/socket/messages.ts";

type Told = Heard extends infer T ? (T extends { sub: number } ? Omit<T, "sub"> : never) : never;

/** Stands between a store and recorded messages: keeps what the store said, and tells it what a test has recorded. */
export class ToldConnection {
	readonly questions: Question[] = [];
	readonly remarks: Remark[] = [];
	ended = false;
	#subscriber: Subscriber | undefined;

	subscribe(subscriber: Subscriber): Subscription {
		this.#subscriber = subscriber;
		this.questions.push(subscriber.question(null));
		return {
			ask: () => this.questions.push(subscriber.question(null)),
			say: (remark) => this.remarks.push(remark),
			end: () => {
				this.ended = true;
			},
		};
	}

	tell(message: Told): void {
		this.#subscriber?.hear({ ...message, sub: 1 } as Heard);
	}

	/** As after a break. */
	askAgain(since: { boot_id: string; number: number }): void {
		this.remarks.length = 0;
		if (this.#subscriber !== undefined) this.questions.push(this.#subscriber.question(since));
	}
}

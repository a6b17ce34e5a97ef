import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import type { Clock } from "../../actors/clock.ts";
import { type CountingConnection, countingConnection } from "../../actors/cluster/redis/counting-connection.ts";
import { Fault, unavailable } from "../../persistence/fault.ts";
import { RunningPart } from "../../persistence/service.ts";
import type { Caller } from "../access/caller.ts";
import type { Peer } from "../http/peers.ts";
import { Crowd } from "./crowd.ts";
import { Rate } from "./rate.ts";

export interface LimitsOptions {
	/** Requests a second of one token or user, and of one address that shows none; 0: any number. */
	tokenRate: number;
	addressRate: number;
	/** Requests a minute of one address that show what opens nothing; 0: any number. */
	failureRate: number;
	/** Of one address at the same time; 0: any number. */
	addressRequests: number;
	addressSockets: number;
	/** Requests of all at the same time. */
	requests: number;
	/** Bytes of bodies that have not come whole, of one address (0: any number) and of all. */
	addressBodyBytes: number;
	bodyBytes: number;
	/** Bytes of answers that their clients have not taken, of one address (0: any number) and of all. */
	addressAnswerBytes: number;
	answerBytes: number;
	/** Where several nodes count together; null: this one counts for itself. */
	redis: { url: string; namespace: string } | null;
	clock: Clock;
	log: { warn(fields: object, message: string): void };
}

/** Seconds after which somebody with too many sockets may ask for another. */
const SOCKET_PAUSE = 10;

/** What was refused, by what for. */
export const LIMIT_REASONS = [
	"token_rate",
	"address_rate",
	"failures",
	"address_requests",
	"address_sockets",
	"requests",
	"address_body_bytes",
	"body_bytes",
	"address_answer_bytes",
	"answer_bytes",
] as const;
export type LimitReason = (typeof LIMIT_REASONS)[number];

/** What one client may cost: how often it comes, and how much of it there is at the same time. */
export class Limits extends RunningPart {
	readonly name = "limits";
	readonly #options: LimitsOptions;
	readonly #redis: CountingConnection | null;
	readonly #tokens: Rate | null;
	readonly #addresses: Rate | null;
	readonly #failures: Rate | null;
	readonly #requests: Crowd;
	readonly #sockets: Crowd;
	readonly #bodies: Crowd;
	readonly #allBodies: Crowd;
	readonly #answers: Crowd;
	readonly #allAnswers: Crowd;
	#underWay = 0;
	#refused = 0;

	constructor(options: LimitsOptions) {
		super();
		this.#options = options;
		this.#redis = options.redis === null ? null : countingConnection(options.redis.url);
		this.#tokens = this.#rate("token", options.tokenRate, 1);
		this.#addresses = this.#rate("address", options.addressRate, 1);
		this.#failures = this.#rate("failure", options.failureRate, 60);
		this.#requests = new Crowd(options.addressRequests);
		this.#sockets = new Crowd(options.addressSockets);
		this.#bodies = new Crowd(options.addressBodyBytes);
		this.#allBodies = new Crowd(options.bodyBytes);
		this.#answers = new Crowd(options.addressAnswerBytes);
		this.#allAnswers = new Crowd(options.answerBytes);
	}

	/** What was refused since the start. */
	get refused(): Readonly<Record<LimitReason, number>> {
		return {
			token_rate: this.#tokens?.refused ?? 0,
			address_rate: this.#addresses?.refused ?? 0,
			failures: this.#failures?.refused ?? 0,
			address_requests: this.#requests.refused,
			address_sockets: this.#sockets.refused,
			requests: this.#refused,
			address_body_bytes: this.#bodies.refused,
			body_bytes: this.#allBodies.refused,
			address_answer_bytes: this.#answers.refused,
			answer_bytes: this.#allAnswers.refused,
		};
	}

	/** A request begins. Throws 39904 when its address has too many under way, 39905 when all together have. */
	enter({ counted }: Peer): void {
		if (this.#underWay >= this.#options.requests) {
			this.#refused++;
			throw unavailable("room for another request");
		}
		if (counted !== null) {
			if (!this.#requests.admits(counted)) throw new Fault(39904, { seconds: 1 });
			this.#requests.enter(counted);
		}
		this.#underWay++;
	}

	/** A request that began is at its end. */
	leave({ counted }: Peer): void {
		this.#underWay--;
		if (counted !== null) this.#requests.leave(counted);
	}

	/**
	 * So many bytes more of a body that has not come whole are held. Throws 39905 when those of all are too many, 39904 when
	 * those of its address are.
	 */
	holdBody({ counted }: Peer, bytes: number): void {
		if (!this.#allBodies.admits("", bytes)) throw unavailable("room for another body");
		if (counted !== null) {
			if (!this.#bodies.admits(counted, bytes)) throw new Fault(39904, { seconds: 1 });
			this.#bodies.enter(counted, bytes);
		}
		this.#allBodies.enter("", bytes);
	}

	/** They are not held any more. */
	releaseBody({ counted }: Peer, bytes: number): void {
		this.#allBodies.leave("", bytes);
		if (counted !== null) this.#bodies.leave(counted, bytes);
	}

	/**
	 * So many bytes of an answer are held until its client takes them. False when those of all are too many, or those of its
	 * address: its connection is closed then.
	 */
	holdAnswer({ counted }: Peer, bytes: number): boolean {
		if (!this.#allAnswers.admits("", bytes)) return false;
		if (counted !== null) {
			if (!this.#answers.admits(counted, bytes)) return false;
			this.#answers.enter(counted, bytes);
		}
		this.#allAnswers.enter("", bytes);
		return true;
	}

	/** They are not held any more. */
	releaseAnswer({ counted }: Peer, bytes: number): void {
		this.#allAnswers.leave("", bytes);
		if (counted !== null) this.#answers.leave(counted, bytes);
	}

	/** Counts a request whose caller is known by a token or as a user. Throws 39904. */
	byCaller({ id }: Caller): void {
		this.#tokens?.check(id);
		this.#tokens?.count(id);
	}

	/** Counts a request of which nothing is known but its address. Throws 39904. */
	byAddress({ counted }: Peer): void {
		if (this.#addresses === null || counted === null) return;
		this.#addresses.check(counted);
		this.#addresses.count(counted);
	}

	/** Throws 39904 when too much of what an address showed opened nothing: then nothing new is looked at. */
	checkFailures({ counted }: Peer): void {
		if (counted !== null) this.#failures?.check(counted);
	}

	/** What an address showed opens nothing. */
	failed({ counted }: Peer): void {
		if (counted !== null) this.#failures?.count(counted);
	}

	/** A socket is asked for. Throws 39904 when its address has too many. */
	checkSocket({ counted }: Peer): void {
		if (counted !== null && !this.#sockets.admits(counted)) throw new Fault(39904, { seconds: SOCKET_PAUSE });
	}

	countSocket({ counted }: Peer): void {
		if (counted !== null) this.#sockets.enter(counted);
	}

	leaveSocket({ counted }: Peer): void {
		if (counted !== null) this.#sockets.leave(counted);
	}

	protected override async onStart(): Promise<void> {
		// Whether it is there or not: without it this node counts for itself.
		this.#redis?.connect().catch(() => undefined);
	}

	protected override async onStop(): Promise<void> {
		this.#redis?.disconnect();
	}

	#rate(name: string, points: number, duration: number): Rate | null {
		if (points === 0) return null;
		const { clock, log, redis } = this.#options;
		const memory = new RateLimiterMemory({ keyPrefix: name, points, duration });
		let limiter: RateLimiterAbstract = memory;
		if (this.#redis !== null && redis !== null) {
			const keyPrefix = `perigee:{${redis.namespace}}:limit:${name}`;
			const storeClient = this.#redis;
			limiter = new RateLimiterRedis({
				storeClient,
				keyPrefix,
				points,
				duration,
				insuranceLimiter: memory,
				rejectIfRedisNotReady: true,
			});
		}
		return new Rate({ limiter, clock, log });
	}
}

import type { Redis } from "ioredis";
import { SHARDS } from "../cluster.ts";
import type { RedisKeys } from "./keys.ts";
import type { Holders } from "./spread.ts";

/**
 * What is asked of Redis, each as one script: atomic, one round trip, by Redis's clock, whatever the number of shards.
 * A node is alive until the moment that stands beside its name; its leases live as long as it does.
 */

/** The living, and who has which shard, as they were at one moment. */
export interface Roll {
	members: readonly string[];
	/** Those of them that can watch. */
	watchers: readonly string[];
	holders: Holders;
	/** What the nodes last told of themselves, each as JSON. */
	reports: readonly string[];
}

const NOW = `
	local time = redis.call('TIME')
	local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/**
 * Everything is forgotten when nobody has renewed for the time of a lease, and what a node said when it is gone. The others hear of it when the dead were
 * found, this node is new, or can watch again or no longer, so that what has to change hands does so now and not at their next round.
 */
const RENEW = `${NOW}
	local dead = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
	local added = redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
	redis.call('PEXPIRE', KEYS[1], ARGV[2])
	redis.call('PEXPIRE', KEYS[2], ARGV[2])
	local moved = redis.call(ARGV[4] == 'able' and 'SREM' or 'SADD', KEYS[5], ARGV[1])
	if ARGV[3] == '' then redis.call('HDEL', KEYS[3], ARGV[1]) else redis.call('HSET', KEYS[3], ARGV[1], ARGV[3]) end
	for _, name in ipairs(redis.call('HKEYS', KEYS[3])) do
		if not redis.call('ZSCORE', KEYS[1], name) then redis.call('HDEL', KEYS[3], name) end
	end
	for _, name in ipairs(redis.call('SMEMBERS', KEYS[5])) do
		if not redis.call('ZSCORE', KEYS[1], name) then redis.call('SREM', KEYS[5], name) end
	end
	redis.call('PEXPIRE', KEYS[3], ARGV[2])
	redis.call('PEXPIRE', KEYS[5], ARGV[2])
	if dead + added + moved > 0 then redis.call('PUBLISH', KEYS[4], ARGV[1]) end
	return {
		redis.call('ZRANGE', KEYS[1], 0, -1), redis.call('HGETALL', KEYS[2]),
		redis.call('HVALS', KEYS[3]), redis.call('SMEMBERS', KEYS[5])
	}`;

/** A shard that has changed hands meanwhile is left alone; so are all, when this node is no longer alive itself. */
const TAKE = `${NOW}
	local alive = redis.call('ZSCORE', KEYS[1], ARGV[1])
	if not alive or tonumber(alive) <= now then return {} end
	local taken = {}
	for i = 3, #ARGV, 2 do
		if (redis.call('HGET', KEYS[2], ARGV[i]) or '') == ARGV[i + 1] then
			redis.call('HSET', KEYS[2], ARGV[i], ARGV[1])
			taken[#taken + 1] = tonumber(ARGV[i])
		end
	end
	redis.call('PEXPIRE', KEYS[2], ARGV[2])
	if #taken > 0 then redis.call('PUBLISH', KEYS[4], ARGV[1]) end
	return taken`;

const RELEASE = `
	local held = redis.call('HGETALL', KEYS[2])
	for i = 1, #held, 2 do
		if held[i + 1] == ARGV[1] then redis.call('HDEL', KEYS[2], held[i]) end
	end
	if ARGV[2] == 'leave' then
		redis.call('ZREM', KEYS[1], ARGV[1])
		redis.call('HDEL', KEYS[3], ARGV[1])
		redis.call('SREM', KEYS[5], ARGV[1])
	end
	return redis.call('PUBLISH', KEYS[4], ARGV[1])`;

function run(redis: Redis, script: string, keys: RedisKeys, args: (string | number)[]) {
	const { members, leases, reports, notices, unable } = keys;
	return redis.eval(script, 5, members, leases, reports, notices, unable, ...args);
}

/**
 * Says that a node is alive for another `ttl` ms, how it does and whether it can watch, and answers how things stand.
 *
 * @param says `report` is JSON, or "" when it tells nothing
 */
export async function renew(
	redis: Redis,
	keys: RedisKeys,
	name: string,
	ttl: number,
	says: { report: string; able: boolean },
): Promise<Roll> {
	const answer = await run(redis, RENEW, keys, [name, ttl, says.report, says.able ? "able" : "unable"]);
	const [members, leases, reports, unable] = Array.isArray(answer) ? answer : [];
	const holders = new Array<string | null>(SHARDS).fill(null);
	const pairs = texts(leases);
	for (let at = 0; at + 1 < pairs.length; at += 2) {
		const shard = Number(pairs[at]);
		if (Number.isInteger(shard) && shard >= 0 && shard < SHARDS) holders[shard] = pairs[at + 1] ?? null;
	}
	const living = texts(members);
	const watchers = living.filter((member) => !texts(unable).includes(member));
	return { members: living, watchers, holders, reports: texts(reports) };
}

/** Takes the shards that still have the holder that `holders` names, and answers which these were. */
export async function take(
	redis: Redis,
	keys: RedisKeys,
	name: string,
	ttl: number,
	shards: readonly number[],
	holders: Holders,
): Promise<number[]> {
	const pairs = shards.flatMap((shard) => [shard, holders[shard] ?? ""]);
	const answer = await run(redis, TAKE, keys, [name, ttl, ...pairs]);
	return Array.isArray(answer) ? answer.map(Number) : [];
}

/** Gives up every shard of a node. `leave`: and the node is gone. */
export async function release(redis: Redis, keys: RedisKeys, name: string, what: "shards" | "leave"): Promise<void> {
	await run(redis, RELEASE, keys, [name, what]);
}

function texts(answer: unknown): string[] {
	return Array.isArray(answer) ? answer.map(String) : [];
}

import type { ClientMessage, ServerMessage } from "../../../client/console/protocol.ts";

type WithoutSub<T> = T extends { sub: number } ? Omit<T, "sub"> : never;
type Answer<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;

/** What a subscription asks; its number is given by the connection. */
export type Question = WithoutSub<Exclude<ClientMessage, { op: "rows" | "watch" | "end" }>>;
/** What is said beside the question while a subscription holds. */
export type Remark = WithoutSub<Extract<ClientMessage, { op: "rows" | "watch" }>>;

export type Hello = Answer<"hello">;
/** What of a round of changes concerns one subscription. */
export type Changes = { type: "changes"; number: number } & Answer<"changes">["subs"][number];
/** A question that could not be met, by the catalogue. */
export type Failed = Answer<"error"> & { sub: number };
/** What a subscription hears. */
export type Heard = Exclude<ServerMessage, { type: "hello" | "changes" | "groups" | "error" }> | Changes | Failed;

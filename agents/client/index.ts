// What the client offers to other packages.

export { canonical, eventHash, fingerprint, genesis } from "./chain.ts";
export { type Options, Reelhouse } from "./client.ts";
export { Refused, Unexpected, Unreachable } from "./errors.ts";
export type { FollowOptions } from "./events.ts";
export { amount, credits, UNITS_PER_CREDIT, units } from "./money.ts";
export { type RetryOptions, retryAfter, retrying, type Send } from "./retry.ts";
export type * from "./types.ts";

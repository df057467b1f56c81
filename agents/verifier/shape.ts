// Reads values of JSON strictly: members by name, and each form in the one way that it is written.

import type { Json } from "./canonical.ts";
import { show, wrong } from "./fault.ts";
import { units } from "./money.ts";

/** The members of an object. */
export type Members = { [name: string]: Json };

/** A member, undefined where there is none: names such as `constructor` are members like any other. */
export function member(of: Members, name: string): Json | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

/** Whether a value is an object of JSON. */
export function isObject(value: Json | undefined): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object, whatever its members are. */
export function object(value: Json | undefined, at: string): Members {
  return isObject(value) ? value : wrong(at, "an object", show(value));
}

/** An object of these members and no others; `may` are those that it may be without. */
export function record(
  value: Json | undefined,
  at: string,
  must: readonly string[],
  may: readonly string[] = [],
): Members {
  const of = object(value, at);
  for (const name of must) if (!Object.hasOwn(of, name)) wrong(`${at}/${name}`, "a value", "nothing");
  for (const name of Object.keys(of)) {
    if (!must.includes(name) && !may.includes(name)) wrong(step(at, name), "no such member", show(of[name]));
  }
  return of;
}

/** The pointer of a member. */
export function step(at: string, name: string | number): string {
  return `${at}/${`${name}`.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** A list of `least` to `most` items. */
export function list(value: Json | undefined, at: string, least = 0, most = Number.MAX_SAFE_INTEGER): Json[] {
  if (!Array.isArray(value)) return wrong(at, "a list", show(value));
  if (value.length < least || value.length > most) {
    const count = least === most ? `${least}` : `${least} to ${most}`;
    wrong(at, `a list of ${count} items`, `${value.length} items`);
  }
  return value;
}

/** A whole number within bounds. */
export function whole(
  value: Json | undefined,
  at: string,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most)
    return value;
  return wrong(at, `a whole number from ${least} to ${most}`, show(value));
}

/** A text, of one of these forms if a pattern is given. */
export function text(value: Json | undefined, at: string, what = "a text", pattern?: RegExp): string {
  if (typeof value === "string" && (!pattern || pattern.test(value))) return value;
  return wrong(at, what, show(value));
}

/** One of these words. */
export function word<T extends string>(value: Json | undefined, at: string, words: readonly T[]): T {
  return words.find((known) => known === value) ?? wrong(at, `one of ${words.join(", ")}`, show(value));
}

/** The value `true` of a member that is left out where it is false. */
export function flag(value: Json | undefined, at: string): boolean {
  if (value === undefined) return false;
  return value === true || wrong(at, "true, or no such member", show(value));
}

const HEX = { 32: /^[0-9a-f]{64}$/, 64: /^[0-9a-f]{128}$/ };

/** So many bytes as lower-case hexadecimal digits. */
export function hex(value: Json | undefined, at: string, bytes: 32 | 64 = 32): string {
  return text(value, at, `${bytes * 2} lower-case hexadecimal digits`, HEX[bytes]);
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An id. */
export function id(value: Json | undefined, at: string): string {
  return text(value, at, "a lower-case UUID", ID);
}

/** An instant, in milliseconds since 1970. */
export function instant(value: Json | undefined, at: string): number {
  const written = text(value, at, "an instant such as 2026-01-02T03:04:05.678Z");
  const millis = Date.parse(written);
  if (Number.isNaN(millis) || new Date(millis).toISOString() !== written) {
    wrong(at, "an instant such as 2026-01-02T03:04:05.678Z", show(value));
  }
  return millis;
}

/** An amount, in units of 0.0001 credits. */
export function money(value: Json | undefined, at: string): bigint {
  const amount = typeof value === "string" ? units(value) : null;
  return amount ?? wrong(at, 'an amount of four decimals, such as "1.0000"', show(value));
}

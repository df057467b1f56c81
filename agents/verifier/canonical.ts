// Canonical JSON (RFC 8785): the one text that a value has.

/** A value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** How deep values may be nested, as everywhere in Reelhouse. */
const DEEPEST = 127;

/** Half of a surrogate pair without the other, which has no form in UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The canonical text of a value.
 * @throws RangeError when it has none: lone surrogates, numbers beyond all bounds, too deep nesting.
 */
export function canonical(value: Json, depth = 0): string {
  if (depth > DEEPEST) throw new RangeError("nested too deeply");
  if (typeof value === "string") return text(value);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new RangeError("a number too large for JSON");
  // Numbers are written as ECMAScript does, which is what RFC 8785 asks for; a negative zero becomes 0.
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(",")}]`;
  // Sorting compares UTF-16 code units.
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${text(name)}:${canonical(value[name] ?? null, depth + 1)}`).join(",")}}`;
}

function text(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new RangeError("half of a surrogate pair");
  return JSON.stringify(value);
}

/** The canonical text of a value, or words in its place where it has none. */
export function written(value: Json): string {
  try {
    return canonical(value);
  } catch {
    return "a value without canonical form";
  }
}

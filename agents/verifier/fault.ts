// What a verifier finds wrong, and how it stops at it.

import { type Json, written } from "./canonical.ts";

/** Something that is not as it must be. */
export interface Fault {
  /** `wrong`: the proof does not hold. `unreadable`: it is no proof. `unsupported`: this program cannot check it. */
  kind: "wrong" | "unreadable" | "unsupported";
  /** The `seq` of the event it was found at; null for the document itself. */
  seq: number | null;
  /** Where: a JSON pointer into the event, or into the document when there is no `seq`. */
  pointer: string;
  expected: string;
  found: string;
}

/** Ends a check at its first fault. It never leaves this package. */
export class Stop extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.pointer}: expected ${fault.expected}, found ${fault.found}`);
    this.fault = fault;
  }
}

/** Stops at something wrong in the document. */
export function wrong(pointer: string, expected: string, found: string): never {
  throw new Stop({ kind: "wrong", seq: null, pointer, expected, found });
}

/** Stops at something wrong in an event. */
export function wrongAt(seq: number, pointer: string, expected: string, found: string): never {
  throw new Stop({ kind: "wrong", seq, pointer, expected, found });
}

/** Stops at two values that differ, but for equal ones. */
export function equal<T extends string | number | bigint | null>(
  pointer: string,
  expected: T,
  found: T,
): void {
  if (expected !== found) wrong(pointer, `${expected}`, `${found}`);
}

/** The longest text of a value that a fault repeats, in characters. */
const LONGEST = 120;

/** A value as a fault repeats it. */
export function show(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = written(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A fault as a line for people. */
export function sentence(fault: Fault): string {
  const where = fault.seq === null ? "" : `event ${fault.seq} `;
  return `${where}${fault.pointer || "the document"}: expected ${fault.expected}, found ${fault.found}`;
}

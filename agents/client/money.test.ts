// Amounts are exact, and nothing that is no amount is read as one.

import { expect, test } from "vitest";
import { amount, credits, units } from "./money.ts";

test("amounts read and write exactly", () => {
  for (const [text, value] of [
    ["12.5000", 125_000n],
    ["0.0001", 1n],
    ["-1.0100", -10_100n],
    ["0.0000", 0n],
    ["900719925474099.2001", 9_007_199_254_740_992_001n],
  ] as const) {
    expect(units(text)).toBe(value);
    expect(amount(value)).toBe(text);
  }
  expect(units("7")).toBe(70_000n);
  expect(units("0.5")).toBe(5_000n);
  expect(credits(-10_100n)).toBe(-1.01);
});

test.each(["", "1e3", "1.00000", "+1", ".5", "1.", "1,000", " 1", "0x10", "NaN"])(
  "%j is no amount",
  (text) => {
    expect(() => units(text)).toThrow(RangeError);
  },
);

// Test credits as whole units of 0.0001: exact, as the house counts them.

/** Units of 0.0001 credits in one credit. */
export const UNITS_PER_CREDIT = 10_000n;

/**
 * The units of an amount as the API writes it, such as `"12.5000"` or `"-1.01"`.
 * @throws RangeError when the text is no decimal of at most four places.
 */
export function units(amount: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(amount);
  if (!match) throw new RangeError(`${JSON.stringify(amount)} is not an amount of test credits`);
  const [, sign, whole = "0", part = ""] = match;
  const value = BigInt(whole) * UNITS_PER_CREDIT + BigInt(part.padEnd(4, "0"));
  return sign === "-" ? -value : value;
}

/** An amount as the API writes it, with four decimals. */
export function amount(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(5, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

/** Credits as a float, for statistics and observations only, never for money. */
export function credits(value: bigint): number {
  return Number(value) / Number(UNITS_PER_CREDIT);
}

// Test credits as whole units of 0.0001, exact.

/** Units of 0.0001 credits in one credit. */
const UNITS_PER_CREDIT = 10_000n;

/** The largest amount, in units: the house counts them in 64 bits. */
export const MOST = 2n ** 63n - 1n;

const AMOUNT = /^(-?)(0|[1-9]\d*)\.(\d{4})$/;

/** The units of an amount in its one form, such as `"-1.0000"`; null for any other text. */
export function units(text: string): bigint | null {
  const match = AMOUNT.exec(text);
  if (!match) return null;
  const value = BigInt(`${match[2]}${match[3]}`);
  if (value > MOST || (match[1] === "-" && value === 0n)) return null;
  return match[1] === "-" ? -value : value;
}

/** An amount in its one form. */
export function amount(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(5, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

/** Credits as the nearest float, for rewards only. */
export function credits(value: bigint): number {
  return Number(value) / Number(UNITS_PER_CREDIT);
}

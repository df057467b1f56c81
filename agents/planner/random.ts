// Random numbers that a seed fixes, the same on every machine.

import { createHash } from "node:crypto";

/** A generator of numbers from 0 to 1, 1 not included. */
export type Random = () => number;

/** The generator (sfc32) that a text seeds: different texts give unrelated numbers. */
export function seeded(text: string): Random {
  const bytes = createHash("sha256").update(text).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => bytes.readInt32LE(at)) as [number, number, number, number];
  return () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** One of the items, each as likely as the others; undefined of none. */
export function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[Math.floor(random() * items.length)];
}

// How many further free games a free game awards on average, as a fraction.

import type { Definition, Weighted } from "./model.ts";

/**
 * The further free games that all draws of a free game award together, and how many draws there are.
 * Scatters count in the first window of a spin, so cascades and respins change nothing here.
 */
export function furtherFreeGames(game: Definition): [awarded: bigint, draws: bigint] {
  const { freeGames, symbols } = game;
  let [awarded, all] = [0n, 1n];
  if (!freeGames?.retrigger) return [awarded, all];
  for (const [symbol, row] of freeGames.awards) {
    if (!symbols[symbol]?.free.scatters) continue;
    const ways = windows(game, symbol);
    for (const [count, award] of row) awarded += (ways[count] ?? 0n) * BigInt(award);
    all = ways.reduce((sum, more) => sum + more);
  }
  return [awarded, all];
}

/** In how many draws of a free game's first window a symbol shows each number of times. */
function windows({ heights, modes }: Definition, symbol: number): bigint[] {
  const { strips, weights, rows } = modes.free ?? modes.base;
  return heights.reduce(
    (before, height, reel) => {
      const likely = rows?.[reel] ?? [{ value: height, weight: 1 }];
      const strip = strips?.[reel];
      return together(
        before,
        strip ? onStrip(strip, likely, symbol) : inCells(weights?.[reel] ?? [], likely, symbol),
      );
    },
    [1n],
  );
}

/** Counts of two independent parts, added up. */
function together(one: readonly bigint[], other: readonly bigint[]): bigint[] {
  const sum: bigint[] = Array(one.length + other.length - 1).fill(0n);
  one.forEach((a, i) => {
    other.forEach((b, j) => {
      sum[i + j] = (sum[i + j] ?? 0n) + a * b;
    });
  });
  return sum;
}

function onStrip(strip: readonly number[], rows: Weighted, symbol: number): bigint[] {
  const ways: bigint[] = Array(9).fill(0n);
  for (const { value: height, weight } of rows) {
    for (let stop = 0; stop < strip.length; stop++) {
      let count = 0;
      for (let row = 0; row < height; row++) if (strip[(stop + row) % strip.length] === symbol) count++;
      ways[count] = (ways[count] ?? 0n) + BigInt(weight);
    }
  }
  return ways;
}

/** Cells drawn on their own; a reel that shows fewer rows draws the rest unseen, so that all have the same draws. */
function inCells(weights: Weighted, rows: Weighted, symbol: number): bigint[] {
  const sum = weights.reduce((sum, { weight }) => sum + BigInt(weight), 0n);
  const own = BigInt(weights.find(({ value }) => value === symbol)?.weight ?? 0);
  const most = Math.max(...rows.map(({ value }) => value));
  const ways: bigint[] = Array(most + 1).fill(0n);
  for (const { value: height, weight } of rows) {
    let reel = [sum ** BigInt(most - height) * BigInt(weight)];
    for (let row = 0; row < height; row++) reel = together(reel, [sum - own, own]);
    reel.forEach((more, count) => {
      ways[count] = (ways[count] ?? 0n) + more;
    });
  }
  return ways;
}

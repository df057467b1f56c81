// What one spin might pay at most, and the largest stake that follows from it (docs/spin.md).

import { MOST } from "../money.ts";
import type { Definition, Table } from "./model.ts";

/** The most that one spin might pay, in bets, in a game of more than plain lines. */
export const MOST_SPIN_PAY = 1_000_000_000_000_000n;
/** So many of the best spins must stay within the range of amounts. */
const SPINS = 1024n;

/** Whether a game is one of plain lines, whose events tell neither `draws` nor `steps`. */
export function isPlain(game: Definition): boolean {
  const { symbols, modes } = game;
  const wilds = symbols.filter((symbol) => symbol.base.kind === "wild");
  return (
    game.evaluation === "lines" &&
    !game.bothWays &&
    !game.uneven &&
    wilds.length <= 1 &&
    wilds.every(({ base }) => !base.expands && !base.scatters) &&
    symbols.every(({ base, free }) => base === free) &&
    game.combine === "highest" &&
    game.fullGrid.length === 0 &&
    !game.cascades &&
    !game.respins &&
    [modes.base, modes.free].every((reels) => !reels || (reels.strips && !reels.rows))
  );
}

/** One credit on every line, or the bets of a game without lines, in units of 0.0001 credits. */
export function unitBet(game: Definition): bigint {
  return game.credit * BigInt(game.bets);
}

/** The largest stake, in units of 0.0001 credits. */
export function maxStake(game: Definition): bigint {
  const bets = BigInt(game.bets);
  const stakes = isPlain(game) ? plainStakes(game) : (spinPay(game) + bets - 1n) / bets;
  const bound = MOST / larger(stakes * SPINS, 1n);
  return (bound / unitBet(game)) * unitBet(game);
}

/** The most total stakes that a spin of plain lines might pay: the best win on every line, and every scatter. */
function plainStakes(game: Definition): bigint {
  const wild = game.symbols.find((symbol) => symbol.base.kind === "wild");
  const line = best(game.pays) * BigInt(wild?.base.multiplier ?? 1);
  return (line + scatterStakes(game)) * BigInt(game.freeGames?.multiplier ?? 1);
}

/** The most that one spin of either mode might pay, in bets. */
export function spinPay(game: Definition): bigint {
  const windows = BigInt(game.cascades?.most ?? game.respins?.most ?? 0) + 1n;
  const { base = [], free = [] } = game.cascades?.ladder ?? {};
  const ladder = BigInt(Math.max(1, ...base, ...free));
  const fullGrid = BigInt(Math.max(1, ...game.fullGrid.map((set) => set.multiplier)));
  const wins = windowPay(game) * windows * ladder * fullGrid;
  return (wins + scatterStakes(game) * BigInt(game.bets)) * BigInt(game.freeGames?.multiplier ?? 1);
}

function scatterStakes({ scatterPays }: Definition): bigint {
  return [...scatterPays.values()].reduce((sum, row) => sum + BigInt(Math.max(0, ...row.values())), 0n);
}

/** The most that the wins of one window might pay, in bets, by the multipliers of wilds alone. */
function windowPay(game: Definition): bigint {
  const reels = game.heights.length;
  const ends = game.bothWays ? 2n : 1n;
  if (game.evaluation === "lines") {
    return wildMultiplier(game, reels) * best(game.pays) * BigInt(game.lines.length) * ends;
  }
  if (game.evaluation === "cluster") {
    const cells = game.heights.reduce((sum, height) => sum + height, 0);
    return best(game.pays) * BigInt(cells) * wildMultiplier(game, cells);
  }
  const wilds = game.symbols.filter(({ base, free }) => base.kind === "wild" || free.kind === "wild").length;
  const fromLeft = waysPay(game, game.heights);
  const fromRight = game.bothWays ? waysPay(game, [...game.heights].reverse()) : 0n;
  return (fromLeft + fromRight) * BigInt(wilds + 1) * wildMultiplier(game, reels);
}

function waysPay(game: Definition, heights: readonly number[]): bigint {
  let [ways, pay] = [1n, 0n];
  heights.forEach((height, reel) => {
    ways *= BigInt(height);
    pay += ways * best(game.pays, reel + 1);
  });
  return pay;
}

/** The best pay, of a count if one is named. */
function best(pays: Table, count?: number): bigint {
  const all = [...pays.values()].flatMap((row) =>
    count === undefined ? [...row.values()] : [row.get(count) ?? 0],
  );
  return BigInt(Math.max(0, ...all));
}

/** The most that the wilds in one win of so many cells might multiply it by. */
function wildMultiplier({ symbols, combine }: Definition, cells: number): bigint {
  const roles = symbols.flatMap(({ base, free }) => [base, free]);
  const largest = BigInt(Math.max(1, ...roles.map((role) => role.multiplier)));
  if (combine === "product") return largest ** BigInt(cells);
  return combine === "sum" ? largest * BigInt(cells) : largest;
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

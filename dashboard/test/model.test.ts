// The pages' reckoning: money as text, curves, the cells that won.

import { expect, test } from "vitest";
import type { Event } from "../src/api.ts";
import { change, figure, money, oneIn, percentText, sign } from "../src/format.ts";
import { beforeOf, curves, NOTHING, Z95 } from "../src/model/curves.ts";
import type { SymbolMap } from "../src/model/sheet.ts";
import { unitBet } from "../src/model/sheet.ts";
import { cellsOf, type SpinResult, type Win, windows } from "../src/model/spin.ts";

const LINES: SymbolMap = {
  credit: "0.0100",
  grid: { reels: 3, rows: 3 },
  symbols: [
    { name: "a", role: "regular" },
    { name: "w", role: "wild" },
  ],
  evaluation: {
    type: "lines",
    lines: [
      [2, 2, 2],
      [1, 2, 3],
    ],
  },
};

function spin(
  seq: number,
  stake: string,
  payout: string,
  balance: string,
  more: Partial<SpinResult> = {},
): Event {
  const result = { mode: "base", symbols: [["a"]], wins: [], stake, fee: "0.0000", payout, balance, ...more };
  const rest = {
    free_games: { awarded: 0, left: 0, played: 0 },
    round: { closed: true, won: payout },
    ...more,
  };
  return { seq, action: { type: "spin" }, result: { ...result, ...rest } } as unknown as Event;
}

test("money is written exactly, with as many decimals as it needs", () => {
  expect(["1.0000", "12.5000", "0.0001", "-3.1400", "1234567.0000", null].map(money)).toEqual([
    "1.00",
    "12.50",
    "0.0001",
    "−3.14",
    "1\u2009234\u2009567.00",
    "none",
  ]);
  // More digits than a float holds.
  expect(money("999999999999999999.0001")).toBe("999\u2009999\u2009999\u2009999\u2009999\u2009999.0001");
  expect(["1.0000", "0.0000", "-1.0000"].map(change)).toEqual(["+1.00", "0.00", "−1.00"]);
  expect(["0.0100", "0.0000", "-0.0100"].map(sign)).toEqual([1, 0, -1]);
});

test("figures keep what is small, and say when there is none", () => {
  expect(percentText("0.000327680000", 2)).toBe("0.00033 %");
  expect(percentText("0.000000000000")).toBe("0.00 %");
  expect(percentText(undefined)).toBe("–");
  expect(figure(null)).toBe("–");
  expect(figure(1234.5, 1)).toBe("1\u2009234.5");
  expect(figure(-0.63)).toBe("−0.63");
  expect(oneIn("61035.156250000000")).toBe("1 in 61\u2009035");
});

test("the observed return is what was won by what was wagered, in a band that narrows with the root of the rounds", () => {
  const events = [spin(1, "1.0000", "0.0000", "9.0000"), spin(2, "1.0000", "3.0000", "11.0000")];
  const made = curves(events, NOTHING, { mean: 0.95, deviation: 2 });
  expect(made.balance).toEqual([9, 11]);
  expect(made.observed).toEqual([0, 1.5]);
  expect(made.high[0]).toBeCloseTo(0.95 + Z95 * 2, 9);
  expect(made.high[1]).toBeCloseTo(0.95 + (Z95 * 2) / Math.SQRT2, 9);
  expect(made.low).toEqual([0, 0]);
});

test("unequal stakes widen the band: a round that weighs nothing does not narrow it", () => {
  const events = [spin(1, "100.0000", "0.0000", "1.0000"), spin(2, "0.0001", "0.0000", "1.0000")];
  const made = curves(events, NOTHING, { mean: 0.95, deviation: 2 });
  expect(made.high[1]).toBeCloseTo(made.high[0] ?? 0, 4);
});

test("free games belong to the round that they are of", () => {
  const open = spin(1, "1.0000", "5.0000", "14.0000", { round: { closed: false, won: "5.0000" } });
  const free = spin(2, "1.0000", "6.0000", "20.0000", {
    mode: "free",
    round: { closed: true, won: "11.0000" },
  });
  expect(curves([open], NOTHING, undefined).rounds).toEqual([]);
  expect(curves([open, free], NOTHING, undefined).observed).toEqual([11]);
});

test("what was played before is the counters less what is at hand, and the curve goes on from there", () => {
  const all = [1, 2, 3, 4].map((seq) => spin(seq, "1.0000", seq === 2 ? "4.0000" : "0.0000", "1.0000"));
  const metrics = { spins: 4, wagered: "4.0000", won: "4.0000" };
  const before = beforeOf(all.slice(2), metrics);
  expect(before).toEqual({ rounds: 2, wagered: 20_000n, won: 40_000n });
  const whole = curves(all, NOTHING, { mean: 0.9, deviation: 1 });
  const rest = curves(all.slice(2), before, { mean: 0.9, deviation: 1 });
  expect(rest.rounds).toEqual([3, 4]);
  expect(rest.observed).toEqual(whole.observed.slice(2));
  expect(rest.high[1]).toBeCloseTo(whole.high[3] ?? 0, 12);
});

test("the cells of a win are those of its line, from either side, of its scatters, or as recorded", () => {
  const win: Win = { kind: "line", line: 2, symbol: "a", count: 2, multiplier: 1, payout: "1.0000" };
  expect(cellsOf(win, [], LINES)).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(cellsOf({ ...win, direction: "right_to_left" }, [], LINES)).toEqual([
    [2, 2],
    [3, 3],
  ]);
  const window = [
    ["a", "w"],
    ["w", "w"],
    ["w", "a"],
  ];
  expect(cellsOf({ ...win, kind: "scatter" }, window, LINES)).toEqual([
    [1, 1],
    [3, 2],
  ]);
  expect(cellsOf({ ...win, kind: "ways", cells: [[3, 1]] }, window, LINES)).toEqual([[3, 1]]);
});

test("each window of a spin has its own wins, held cells and filled reels", () => {
  const win: Win = { kind: "line", line: 1, symbol: "a", count: 1, multiplier: 1, payout: "1.0000", step: 2 };
  const first = { kind: "spin", symbols: [["a"], ["w"]], multiplier: 1, payout: "0.0000" };
  const second = {
    kind: "respin",
    symbols: [
      ["a", "a"],
      ["w", "a"],
    ],
    multiplier: 1,
    payout: "1.0000",
  };
  const steps = [
    first,
    { ...second, held: [[2, 1]] as [number, number][], expanded: [{ reel: 2, symbol: "w" }] },
  ];
  const shown = windows(
    { wins: [win], steps, symbols: first.symbols, payout: "1.0000" } as unknown as SpinResult,
    LINES,
  );
  expect(shown.map((window) => window.wins.length)).toEqual([0, 1]);
  expect([...(shown[1]?.won ?? [])]).toEqual(["1:2"]);
  expect([...(shown[1]?.held ?? [])]).toEqual(["2:1"]);
  expect(shown[1]?.step.symbols[1]).toEqual(["w", "w"]);
});

test("the least stake is a credit for each thing that is bet on", () => {
  expect(unitBet(LINES)).toBe(200n);
  expect(unitBet({ ...LINES, evaluation: { type: "ways", bets: 45 } })).toBe(4500n);
});

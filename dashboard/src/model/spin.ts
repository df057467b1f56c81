// What a spin shows: its windows one after the other, and the cells that won in each.

import type { Event } from "../api.ts";
import type { SymbolMap } from "./sheet.ts";

/** A win as events record it. Reels, rows, lines and steps count from 1. */
export interface Win {
  kind: "line" | "ways" | "cluster" | "scatter";
  symbol: string;
  count: number;
  multiplier: number;
  payout: string;
  line?: number;
  direction?: "right_to_left";
  cells?: [number, number][];
  ways?: number;
  step?: number;
}

/** A window of a spin: the first one, or what a cascade or a respin made of it. */
export interface Step {
  kind: "spin" | "cascade" | "respin" | string;
  /** One list for each reel, top to bottom. */
  symbols: string[][];
  multiplier: number;
  payout: string;
  expanded?: { reel: number; symbol: string }[];
  held?: [number, number][];
}

/** The result of a spin. */
export interface SpinResult {
  mode: "base" | "free";
  symbols: string[][];
  wins: Win[];
  stake: string;
  fee: string;
  payout: string;
  balance: string;
  free_games: { awarded: number; left: number; played: number };
  round: { closed: boolean; won: string };
  steps?: Step[];
}

/** A window to be drawn. */
export interface Shown {
  step: Step;
  wins: Win[];
  /** The cells that won, as `reel:row`. */
  won: Set<string>;
  held: Set<string>;
}

/** The result of an event, when it is that of a spin. */
export function spinOf(event: Event): SpinResult | undefined {
  return Array.isArray(event.result.symbols) ? (event.result as unknown as SpinResult) : undefined;
}

/** The windows of a spin in order. */
export function windows(result: SpinResult, map: SymbolMap): Shown[] {
  const steps = result.steps ?? [
    { kind: "spin", symbols: result.symbols, multiplier: 1, payout: result.payout },
  ];
  return steps.map((step, index) => {
    const filled = { ...step, symbols: expanded(step) };
    const wins = result.wins.filter((win) => (win.step ?? 1) === index + 1);
    const won = new Set(wins.flatMap((win) => cellsOf(win, filled.symbols, map)).map(cellName));
    return { step: filled, wins, won, held: new Set((step.held ?? []).map(cellName)) };
  });
}

/** The name of a cell in the sets of a window. */
export function cellName([reel, row]: readonly [number, number]): string {
  return `${reel}:${row}`;
}

function expanded(step: Step): string[][] {
  return step.symbols.map((reel, index) => {
    const filler = step.expanded?.find((found) => found.reel === index + 1);
    return filler ? reel.map(() => filler.symbol) : reel;
  });
}

/** The cells of a win: recorded, or those that its line and length tell. */
export function cellsOf(win: Win, symbols: string[][], map: SymbolMap): [number, number][] {
  if (win.cells) return win.cells;
  if (win.kind === "scatter") {
    return symbols.flatMap((reel, r) =>
      reel.flatMap((symbol, row) => (symbol === win.symbol ? [[r + 1, row + 1] as [number, number]] : [])),
    );
  }
  const line = map.evaluation.lines?.[(win.line ?? 0) - 1] ?? [];
  const cells = line.map((row, reel) => [reel + 1, row] as [number, number]);
  return win.direction === "right_to_left"
    ? cells.slice(cells.length - win.count)
    : cells.slice(0, win.count);
}

// Finds the wins of one window: on lines, on ways, in clusters (docs/spin.md).

import { type Combine, type Definition, entry, type Mode, standsFor } from "./model.ts";

/** The symbols in sight: by reel, then by row. */
export type Window = readonly (readonly number[])[];

/** The place of a cell, reel and row from 0. */
export type Cell = readonly [reel: number, row: number];

/** A win before the multipliers of its window. */
export interface Win {
  symbol: number;
  /** How many of it, wilds that stand for it included; on ways, on how many reels. */
  count: number;
  /** What its wilds multiply it by; on ways that is in `weight`. */
  multiplier: number;
  /** The pay with the multiplier of its wilds, in bets. */
  pay: number;
  cells: readonly Cell[];
  /** The number of its line, from 1. */
  line?: number;
  fromRight?: boolean;
  ways?: number;
  /** Its ways, each counted as often as its wilds multiply it. */
  weight?: number;
}

/** Finds wins by the roles of one mode. */
export class Finder {
  readonly #game: Definition;
  readonly #multipliers: readonly number[];
  /** By symbol, the symbols that a cell with it counts as. */
  readonly #countsAs: readonly ReadonlySet<number>[];
  /** The symbols that pay anything, in the order of the definition. */
  readonly #paying: readonly number[];
  readonly #wild: readonly boolean[];

  constructor(game: Definition, mode: Mode) {
    this.#game = game;
    const places = game.symbols.map((_, place) => place);
    const roles = game.symbols.map((symbol) => symbol[mode]);
    this.#multipliers = roles.map((role) => role.multiplier);
    this.#countsAs = roles.map((role, own) => {
      const counts = places.filter((place) => standsFor(game, mode, role, place));
      // What only scatters pays by its count in the window, and is never part of another win.
      return new Set(role.kind === "scatter" ? [] : [own, ...counts]);
    });
    this.#paying = places.filter((place) =>
      [...(game.pays.get(place)?.values() ?? [])].some((pay) => pay > 0),
    );
    this.#wild = roles.map((role) => role.kind === "wild");
  }

  /** The wins of a window, in the order in which an event tells them. */
  find(window: Window): Win[] {
    const { evaluation, lines } = this.#game;
    if (evaluation === "lines") return lines.flatMap((line, place) => this.#onLine(window, line, place + 1));
    if (evaluation === "ways") return this.#paying.flatMap((symbol) => this.#onWays(window, symbol));
    return this.#paying.flatMap((symbol) => this.#inClusters(window, symbol));
  }

  #counts(cell: number, symbol: number): boolean {
    return this.#countsAs[cell]?.has(symbol) ?? false;
  }

  #multiplier(cell: number): number {
    return this.#multipliers[cell] ?? 1;
  }

  #onLine(window: Window, line: readonly number[], number: number): Win[] {
    const cells = line.map((row, reel): Cell => [reel, row]);
    const left = this.#bestRun(window, cells, cells.length);
    const wins = left ? [{ ...left, line: number }] : [];
    if (!this.#game.bothWays) return wins;
    // A run over all reels is the same from the left.
    const right = this.#bestRun(window, cells.toReversed(), cells.length - 1);
    return right ? [...wins, { ...right, line: number, fromRight: true }] : wins;
  }

  /** The best run along cells, of those that are no longer than `longest`: on a tie that of a wild, then the first. */
  #bestRun(window: Window, cells: readonly Cell[], longest: number): Win | null {
    let best: Win | null = null;
    for (const symbol of this.#paying) {
      const run = this.#run(window, cells, symbol);
      if (!run || run.count > longest) continue;
      const wins = !best || run.pay > best.pay;
      const overtakes = best && run.pay === best.pay && this.#wild[symbol] && !this.#wild[best.symbol];
      if (wins || overtakes) best = run;
    }
    return best;
  }

  /** The run of a symbol from the first cell on, if it pays: over all cells that count as it, one of them its own. */
  #run(window: Window, cells: readonly Cell[], symbol: number): Win | null {
    const shown = cells.map((cell) => at(window, cell));
    const end = shown.findIndex((cell) => !this.#counts(cell, symbol));
    const count = end < 0 ? shown.length : end;
    const run = shown.slice(0, count);
    const pay = entry(this.#game.pays, symbol, count);
    if (pay === 0 || !run.includes(symbol)) return null;
    const multiplier = this.#combined(run.filter((cell) => cell !== symbol));
    return { symbol, count, multiplier, pay: pay * multiplier, cells: cells.slice(0, count) };
  }

  /** What the multipliers of a win's wilds come to. */
  #combined(wilds: readonly number[]): number {
    return wilds.reduce((value, wild) => put(this.#game.combine, value, this.#multiplier(wild)), NONE).total;
  }

  #onWays(window: Window, symbol: number): Win[] {
    const left = this.#waysAlong(window, symbol, window.length);
    if (!this.#game.bothWays) return left ? [left] : [];
    const reversed = this.#waysAlong(window.toReversed(), symbol, window.length - 1);
    const cells = reversed?.cells.map(([reel, row]): Cell => [window.length - 1 - reel, row]);
    const right = reversed && cells ? { ...reversed, cells, fromRight: true } : null;
    return [left, right].filter((win) => win !== null);
  }

  /** The ways of a symbol from the first reel on, if they pay: all choices of one cell a reel, one of them its own. */
  #waysAlong(window: Window, symbol: number, longest: number): Win | null {
    const reels = window.map((reel) => reel.filter((cell) => this.#counts(cell, symbol)));
    const end = reels.findIndex((cells) => cells.length === 0);
    const count = end < 0 ? reels.length : end;
    const pay = entry(this.#game.pays, symbol, count);
    if (pay === 0 || count > longest) return null;
    const ways = this.#choices(reels.slice(0, count), symbol);
    const total = [...ways.values()].reduce((sum, { ways }) => sum + ways, 0);
    if (total === 0) return null;
    const weight = [...ways.values()].reduce((sum, { ways, combined }) => sum + ways * combined.total, 0);
    const cells = this.#cellsOfWays(window, symbol, count);
    return { symbol, count, multiplier: 1, pay: pay * weight, cells, ways: total, weight };
  }

  /** How many choices of one cell a reel there are by what their wilds come to, of those with a cell of the symbol. */
  #choices(reels: readonly (readonly number[])[], symbol: number): Map<string, Choices> {
    let choices = new Map<string, Choices>([["", { ways: 1, combined: NONE, own: false }]]);
    for (const reel of reels) {
      const next = new Map<string, Choices>();
      for (const before of choices.values()) {
        for (const cell of reel) {
          const own = before.own || cell === symbol;
          const combined =
            cell === symbol
              ? before.combined
              : put(this.#game.combine, before.combined, this.#multiplier(cell));
          const key = `${combined.value} ${own}`;
          const ways = before.ways + (next.get(key)?.ways ?? 0);
          next.set(key, { ways, combined, own });
        }
      }
      choices = next;
    }
    for (const [key, { own }] of choices) if (!own) choices.delete(key);
    return choices;
  }

  /** The cells that are part of a way: a wild's only where another reel shows the symbol itself. */
  #cellsOfWays(window: Window, symbol: number, count: number): Cell[] {
    const showing = window.map((reel, place) => place < count && reel.includes(symbol));
    return cellsOf(window.slice(0, count)).filter((cell) => {
      const shown = at(window, cell);
      const elsewhere = showing.some((shows, reel) => shows && reel !== cell[0]);
      return shown === symbol ? this.#counts(shown, symbol) : elsewhere && this.#counts(shown, symbol);
    });
  }

  #inClusters(window: Window, symbol: number): Win[] {
    const wins: Win[] = [];
    const seen = new Set<number>();
    const counts = (cell: Cell) => this.#counts(window[cell[0]]?.[cell[1]] ?? -1, symbol);
    for (const cell of cellsOf(window)) {
      if (at(window, cell) !== symbol || !counts(cell) || seen.has(key(cell))) continue;
      const cells = reach(cell, counts);
      for (const reached of cells) seen.add(key(reached));
      const pay = entry(this.#game.pays, symbol, cells.length);
      if (pay === 0) continue;
      const wilds = cells.map((reached) => at(window, reached)).filter((shown) => shown !== symbol);
      const multiplier = this.#combined(wilds);
      wins.push({ symbol, count: cells.length, multiplier, pay: pay * multiplier, cells });
    }
    return wins;
  }
}

/** Choices of cells that are alike in all that counts. */
interface Choices {
  ways: number;
  combined: Combined;
  /** Whether one of the cells shows the symbol itself. */
  own: boolean;
}

/** What some wilds come to: `value` while more may follow, `total` if none does. */
interface Combined {
  value: number;
  total: number;
}

/** What no wild at all comes to. */
const NONE: Combined = { value: 0, total: 1 };

/** What the wilds so far and one more come to. */
function put(combine: Combine, { value, total }: Combined, multiplier: number): Combined {
  if (combine === "sum") {
    const sum = multiplier > 1 ? value + multiplier : value;
    return { value: sum, total: Math.max(1, sum) };
  }
  const next = combine === "product" ? total * multiplier : Math.max(total, multiplier);
  return { value: next, total: next };
}

function at(window: Window, [reel, row]: Cell): number {
  return window[reel]?.[row] ?? -1;
}

function key([reel, row]: Cell): number {
  return reel * 8 + row;
}

/** All cells of a window, reel by reel from the top. */
export function cellsOf(window: Window): Cell[] {
  return window.flatMap((cells, reel) => cells.map((_, row): Cell => [reel, row]));
}

/** Cells in the order of reels, from the top. */
export function inOrder(cells: readonly Cell[]): Cell[] {
  return cells.toSorted((one, other) => key(one) - key(other));
}

/** The cells that can be reached from one over shared edges, all of which count. */
function reach(first: Cell, counts: (cell: Cell) => boolean): Cell[] {
  const reached = [first];
  const seen = new Set([key(first)]);
  for (const [reel, row] of reached) {
    const near: Cell[] = [
      [reel - 1, row],
      [reel + 1, row],
      [reel, row - 1],
      [reel, row + 1],
    ];
    for (const cell of near) {
      if (!counts(cell) || seen.has(key(cell))) continue;
      seen.add(key(cell));
      reached.push(cell);
    }
  }
  return inOrder(reached);
}

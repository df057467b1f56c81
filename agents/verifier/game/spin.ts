// One spin, window by window (docs/spin.md).

import type { Draws } from "../stream.ts";
import { type Definition, entry, type Mode, type Reels, type Weighted } from "./model.ts";
import { type Cell, cellsOf, Finder, inOrder, type Win, type Window } from "./wins.ts";

/** One window of a spin. */
export interface Step {
  kind: "spin" | "cascade" | "respin";
  /** The symbols in it before wilds expanded. */
  window: Window;
  /** The reels that a wild filled, from 0, each with the wild. */
  expanded: (readonly [reel: number, symbol: number])[];
  /** The cells that were held from the window before. */
  held: Cell[];
  /** The ladder of cascades times the multiplier of free games. */
  multiplier: number;
  /** What one symbol that fills the window multiplies by; 1 if none does. */
  fullGrid: number;
  wins: Win[];
}

/** A win of scatters: their count in the first window. */
export interface ScatterWin {
  symbol: number;
  count: number;
  multiplier: number;
  /** With the multiplier, in total stakes. */
  pay: number;
}

/** What a spin came to. */
export interface Outcome {
  /** The stop in the top row of each strip; none without strips. */
  stops: number[];
  /** Every number that was drawn. */
  draws: number[];
  steps: Step[];
  scatters: ScatterWin[];
  awarded: number;
}

/** Plays the spins of one mode of a game. */
export class Mechanics {
  readonly #game: Definition;
  readonly #mode: Mode;
  readonly #reels: Reels;
  readonly #finder: Finder;
  /** What free games multiply by. */
  readonly #multiplier: number;

  constructor(game: Definition, mode: Mode) {
    this.#game = game;
    this.#mode = mode;
    this.#reels = (mode === "free" && game.modes.free) || game.modes.base;
    this.#finder = new Finder(game, mode);
    this.#multiplier = mode === "free" ? (game.freeGames?.multiplier ?? 1) : 1;
  }

  /** Plays one spin. */
  spin(draws: Draws): Outcome {
    const deal = new Deal(this.#reels, this.#game.heights, draws);
    const stops = deal.tops.slice();
    const { scatters, awarded } = this.#scatters(deal.window);
    const steps: Step[] = [];
    let kind: Step["kind"] = "spin";
    let held: Cell[] = [];
    for (;;) {
      const step = this.#look(deal, kind, held, steps.length);
      steps.push(step);
      const gone = step.wins.flatMap((win) => win.cells);
      const fresh = this.#bringing(deal.window).filter((cell) => !includes(held, cell));
      if (gone.length > 0 && steps.length <= (this.#game.cascades?.most ?? 0)) {
        kind = "cascade";
        deal.fall(gone);
      } else if (fresh.length > 0 && steps.length <= (this.#game.respins?.most ?? 0)) {
        kind = "respin";
        held = inOrder([...held, ...fresh]);
        deal.draw(held);
      } else {
        return { stops, draws: deal.drawn, steps, scatters, awarded };
      }
    }
  }

  /** Expands the wilds of a window and finds its wins; `before` is how many windows the spin had before. */
  #look(deal: Deal, kind: Step["kind"], held: Cell[], before: number): Step {
    const window = deal.window.map((reel) => reel.slice());
    const expanded = this.#expand(deal.window);
    const ladder = this.#game.cascades?.ladder[this.#mode] ?? [1];
    const rung = ladder[Math.min(before, ladder.length - 1)] ?? 1;
    return {
      kind,
      window,
      expanded,
      held,
      multiplier: rung * this.#multiplier,
      fullGrid: this.#fullGrid(deal.window),
      wins: this.#finder.find(deal.window),
    };
  }

  /** Fills each reel that shows an expanding wild with the topmost one. */
  #expand(window: number[][]): Step["expanded"] {
    const expanded: (readonly [number, number])[] = [];
    window.forEach((cells, reel) => {
      const wild = cells.find((symbol) => this.#game.symbols[symbol]?.[this.#mode].expands);
      if (wild === undefined) return;
      cells.fill(wild);
      expanded.push([reel, wild]);
    });
    return expanded;
  }

  #fullGrid(window: Window): number {
    const [first, ...others] = new Set(window.flat());
    if (first === undefined || others.length > 0) return 1;
    return this.#game.fullGrid.find((set) => set.symbols.includes(first))?.multiplier ?? 1;
  }

  /** The cells of wilds that bring respins. */
  #bringing(window: Window): Cell[] {
    const { respins, symbols } = this.#game;
    if (!respins) return [];
    return cellsOf(window).filter(([reel, row]) => {
      const symbol = window[reel]?.[row] ?? -1;
      return respins.symbols.includes(symbol) && symbols[symbol]?.[this.#mode].kind === "wild";
    });
  }

  /** What the scatters of the first window pay and award. */
  #scatters(window: Window): { scatters: ScatterWin[]; awarded: number } {
    const { symbols, scatterPays, freeGames } = this.#game;
    const awards = this.#mode === "base" || freeGames?.retrigger ? freeGames?.awards : undefined;
    const scatters: ScatterWin[] = [];
    let awarded = 0;
    symbols.forEach((sign, symbol) => {
      if (!sign[this.#mode].scatters) return;
      const count = window.flat().filter((cell) => cell === symbol).length;
      const pay = entry(scatterPays, symbol, count) * this.#multiplier;
      if (pay > 0) scatters.push({ symbol, count, multiplier: this.#multiplier, pay });
      awarded += awards ? entry(awards, symbol, count) : 0;
    });
    return { scatters, awarded };
  }
}

/** The window as draws make it. */
class Deal {
  readonly window: number[][];
  /** Where each strip stands: the stop in its top row. Empty without strips. */
  readonly tops: number[];
  /** Every number drawn so far. */
  readonly drawn: number[] = [];
  readonly #reels: Reels;
  readonly #draws: Draws;

  /** Draws the rows of each reel where they vary, then the first window. */
  constructor(reels: Reels, heights: readonly number[], draws: Draws) {
    this.#reels = reels;
    this.#draws = draws;
    const rows = reels.rows?.map((likely) => this.#weighted(likely)) ?? heights;
    this.window = rows.map((height) => Array(height).fill(0));
    this.tops = reels.strips?.map(() => 0) ?? [];
    this.draw([]);
  }

  /** Draws all cells but those held: a stop for each reel that is not held whole, or each cell from the top. */
  draw(held: readonly Cell[]): void {
    this.window.forEach((cells, reel) => {
      const rows = cells.map((_, row) => row).filter((row) => !includes(held, [reel, row]));
      const strip = this.#reels.strips?.[reel];
      if (strip && rows.length > 0) this.tops[reel] = this.#below(strip.length);
      for (const row of rows) cells[row] = strip ? this.#onStrip(strip, reel, row) : this.#cell(reel);
    });
  }

  /** Takes cells away, lets those above them fall, and fills each reel from above. */
  fall(gone: readonly Cell[]): void {
    this.window.forEach((cells, reel) => {
      const kept = cells.filter((_, row) => !includes(gone, [reel, row]));
      const fresh = cells.length - kept.length;
      const strip = this.#reels.strips?.[reel];
      if (strip) this.tops[reel] = ((this.tops[reel] ?? 0) + strip.length - fresh) % strip.length;
      const above = Array.from({ length: fresh }, (_, row) =>
        strip ? this.#onStrip(strip, reel, row) : this.#cell(reel),
      );
      cells.splice(0, cells.length, ...above, ...kept);
    });
  }

  #onStrip(strip: readonly number[], reel: number, row: number): number {
    return strip[((this.tops[reel] ?? 0) + row) % strip.length] ?? 0;
  }

  #cell(reel: number): number {
    return this.#weighted(this.#reels.weights?.[reel] ?? []);
  }

  #weighted(likely: Weighted): number {
    let number = this.#below(likely.reduce((sum, { weight }) => sum + weight, 0));
    for (const { value, weight } of likely) {
      if (number < weight) return value;
      number -= weight;
    }
    return 0;
  }

  #below(bound: number): number {
    const number = this.#draws.below(bound);
    this.drawn.push(number);
    return number;
  }
}

function includes(cells: readonly Cell[], [reel, row]: Cell): boolean {
  return cells.some((cell) => cell[0] === reel && cell[1] === row);
}

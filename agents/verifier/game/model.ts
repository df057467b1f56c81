// A game as the definition's two documents tell it, symbols as numbers: their places in the definition.

/** What a spin is: paid for, or a free game. */
export type Mode = "base" | "free";

/** What a symbol does in one mode. */
export interface Role {
  kind: "regular" | "wild" | "scatter";
  /** Of a wild, what it multiplies wins by that it helps another symbol to. */
  multiplier: number;
  /** Of a wild, what it stands for: all regular symbols of the mode, or these. */
  substitutes: "regular" | readonly number[];
  /** Whether it fills its reel before wins are found. */
  expands: boolean;
  /** Whether it counts as a scatter: a scatter does, and a wild may. */
  scatters: boolean;
}

/** A symbol: its name, and what it does in each mode. */
export type Sign = { name: string } & Record<Mode, Role>;

/** Values, each as likely as its weight, in the order in which a draw counts through them. */
export type Weighted = readonly { value: number; weight: number }[];

/** What the reels of one mode are: a strip or a table of weights for each, and how many rows it shows. */
export interface Reels {
  strips: readonly (readonly number[])[] | null;
  weights: readonly Weighted[] | null;
  /** Null where every reel shows all rows of the grid. */
  rows: readonly Weighted[] | null;
}

/** Whole numbers by symbol and exact count; a symbol without an entry has no row in the document. */
export type Table = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** How the multipliers of several wilds in one win are put together. */
export type Combine = "highest" | "product" | "sum";

/** A game. */
export interface Definition {
  /** How many rows each reel has at most. */
  heights: readonly number[];
  /** Whether the grid was given as a list of rows for each reel. */
  uneven: boolean;
  /** In units of 0.0001 credits. */
  credit: bigint;
  symbols: readonly Sign[];
  evaluation: "lines" | "ways" | "cluster";
  /** For each line its row on each reel, from 0; none without lines. */
  lines: readonly (readonly number[])[];
  /** How many bets of one credit a unit bet is. */
  bets: number;
  bothWays: boolean;
  /** In bets. */
  pays: Table;
  /** In total stakes. */
  scatterPays: Table;
  freeGames: { awards: Table; multiplier: number; retrigger: boolean } | null;
  combine: Combine;
  fullGrid: readonly { symbols: readonly number[]; multiplier: number }[];
  cascades: { ladder: Record<Mode, readonly number[]>; most: number } | null;
  respins: { symbols: readonly number[]; most: number } | null;
  modes: { base: Reels; free: Reels | null };
}

/** The entry of a table; 0 where there is none. */
export function entry(table: Table, symbol: number, count: number): number {
  return table.get(symbol)?.get(count) ?? 0;
}

/** Whether a wild stands for a symbol in a mode. */
export function standsFor(game: Definition, mode: Mode, wild: Role, symbol: number): boolean {
  if (wild.kind !== "wild") return false;
  if (wild.substitutes === "regular") return game.symbols[symbol]?.[mode].kind === "regular";
  return wild.substitutes.includes(symbol);
}

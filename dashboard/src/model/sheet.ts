// What this page reads of a game's documents, its profile and its PAR sheet, which the API describes as objects.

import type { Game } from "../api.ts";

export interface SymbolMap {
  credit: string;
  grid: { reels: number; rows: number | number[] };
  symbols: { name: string; role: string; multiplier?: number; free?: { role: string } }[];
  evaluation: { type: "lines" | "ways" | "cluster"; lines?: number[][]; bets?: number; both_ways?: boolean };
}

/** An exact share, as a fraction and as decimals of a percentage; one that was simulated has its bounds. */
export interface Share {
  exact?: string;
  percent: string;
  low_percent?: string;
  high_percent?: string;
}

export interface Round {
  mean: { decimal: string };
  standard_deviation: string;
  volatility_index?: { confidence: number; index: string; z: string }[];
}

/** The figures of a profile. While they are pending there are none. */
export interface Profile {
  method: "exact" | "simulated" | "pending" | "rejected";
  rtp?: Record<string, Share> & { total: Share };
  hit_frequency?: { probability: Share; one_in?: string };
  round?: Round;
  max_win?: Record<string, { stakes: { decimal: string }; one_in?: string }>;
  cycle?: Record<string, string>;
  not_computed?: string[];
  faults?: unknown[];
}

export interface Bucket {
  from: number;
  below?: number;
  probability: Share;
  rtp: Share;
}

/** How far off a simulated figure may be, to either side. */
export interface Interval {
  confidence: number;
  half_width_percent: string;
}

export interface Combination {
  symbol: string;
  count: number | string;
  pay: number | null;
  combinations?: string;
  probability: Share;
  rtp: Share;
  /** Of a row that was counted over simulated spins. */
  interval?: Interval;
}

export interface PayTable {
  counts: { from: number; to: number }[];
  symbols: { symbol: string; pays: number[] }[];
}

export interface Reels {
  strips?: string[][] | null;
  stops?: number[] | null;
  symbols: { symbol: string; stops?: number[]; weights?: number[]; total?: number }[];
}

/** A PAR sheet. */
export interface Sheet {
  method: Profile["method"];
  simulation: {
    rounds: number | string;
    seed: number | string;
    rtp_intervals: Interval[];
    /** There when the return itself is simulated. */
    source_intervals?: Record<string, Interval[]>;
  } | null;
  not_computed: string[];
  layout: {
    reels: number;
    rows: number[];
    evaluation: SymbolMap["evaluation"];
    bets: number;
    credit: string;
    unit_bet: string;
  };
  symbols: SymbolMap["symbols"];
  pays: PayTable;
  scatter_pays: PayTable | null;
  features: Record<string, unknown>;
  reels: Record<string, Reels>;
  rtp: Profile["rtp"] | null;
  hold: Share | null;
  cycle: Record<string, string> | null;
  hit_frequency: Profile["hit_frequency"] | null;
  round: Round | null;
  rtp_bands:
    | { games: number; bands: { confidence: number; low_percent: string; high_percent: string }[] }[]
    | null;
  max_win: Profile["max_win"] | null;
  free_games: Record<string, unknown> | null;
  win_distribution: { buckets: Bucket[] } | null;
  combinations: Record<string, Combination[]> | null;
}

/** A game's profile. */
export function profile(game: Game): Profile {
  return game.statistical_profile as unknown as Profile;
}

/** A game's symbol map. */
export function symbolMap(game: Game): SymbolMap {
  return game.symbol_map as unknown as SymbolMap;
}

/** Reels and rows in a few characters: `5×3`, or the rows of each reel. */
export function gridName(map: SymbolMap): string {
  const { reels, rows } = map.grid;
  return typeof rows === "number" ? `${reels}×${rows}` : rows.join("-");
}

/** How a game pays, in a few words. */
export function paysBy(map: SymbolMap): string {
  const { type, lines, both_ways } = map.evaluation;
  const both = both_ways ? ", both ways" : "";
  if (type === "lines") return `${lines?.length ?? 0} lines${both}`;
  return type === "ways" ? `ways${both}` : "clusters";
}

/** What a round returns: mean and standard deviation, in stakes. Nothing while they are not computed. */
export interface Theory {
  mean: number;
  deviation: number;
}

export function theory(game: Game): Theory | undefined {
  const { rtp, round } = profile(game);
  if (!rtp || !round) return undefined;
  return { mean: Number(rtp.total.percent) / 100, deviation: Number(round.standard_deviation) };
}

/** The largest win of any mode, in stakes. */
export function largestWin(found: Profile["max_win"] | null): string | undefined {
  const wins = Object.values(found ?? {}).map((win) => win.stakes.decimal);
  return wins.sort((a, b) => Number(b) - Number(a))[0];
}

/** The least stake, in credits: a bet of one credit on everything that pays. */
export function unitBet(map: SymbolMap): bigint {
  const [whole = "0", part = ""] = map.credit.split(".");
  const credit = BigInt(whole + part.padEnd(4, "0"));
  return credit * BigInt(map.evaluation.bets ?? map.evaluation.lines?.length ?? 1);
}

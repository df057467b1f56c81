// The analytics of a game, as the API gives them.

export interface PlayTotals {
  sessions: number;
  spins: number;
  free_games: number;
  rounds: number;
  wagered: string;
  won: string;
  fees: string;
  net: string;
}

export interface Bounds {
  confidence: number;
  /** Null where it is not finite. */
  low: number | null;
  high: number | null;
}

export interface Figures {
  rtp: {
    rounds: number;
    observed: number | null;
    expected: number | null;
    z: number | null;
    p_value: number | null;
    intervals: Bounds[];
    bands: Bounds[];
  };
  payback: number | null;
  volatility: { observed: number | null; expected: number | null; index: number | null };
}

export interface TimeBucket {
  starts_at: string;
  play: PlayTotals;
  figures: Figures;
}

export interface GameAnalytics {
  play: PlayTotals;
  figures: Figures;
  series: { bucket: "hour" | "day"; earlier: boolean; buckets: TimeBucket[] };
}

/** The bounds at 95 %. */
export function at95(bounds: Bounds[]): Bounds | undefined {
  return bounds.find((found) => found.confidence === 95);
}

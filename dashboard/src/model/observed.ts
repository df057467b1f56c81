// The observed fingerprint of a game, as the API gives it.

/** A figure with a test; null while it cannot be told. */
export interface Judged {
  z: number | null;
  p_value: number | null;
}

export interface ReelCounts {
  reel: number;
  chi_square: number | null;
  degrees_of_freedom: number;
  p_value: number | null;
  symbols: { symbol: string; observed: number; expected: number }[];
}

interface AlarmAt {
  at: string;
  round: number;
  direction: string;
}

export interface Observed {
  as_of: string;
  waiting: boolean;
  covers: { events: number; spins: number; free_games: number; probe_spins: number; rounds: number };
  symbols: { mode: string; windows: number; reels: ReelCounts[] }[];
  rtp: Judged & {
    rounds: number;
    observed: number | null;
    expected: number | null;
    bands: { confidence: number; low: number; high: number }[];
  };
  hit_rate: Judged & { observed: { value: number; count: number; of: number }; expected: number | null };
  runs: Judged;
  drift: {
    rounds: number;
    statistic: number;
    threshold: number;
    average_run_length: number;
    alarmed: boolean;
    alarms: number;
    first_alarm: AlarmAt | null;
    last_alarm: AlarmAt | null;
  } | null;
}

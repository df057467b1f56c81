// The curves of a session: its balance, and its observed RTP beside the band in which that should lie.

import { credits, units } from "@client/money.ts";
import type { Event } from "../api.ts";
import type { Theory } from "./sheet.ts";
import { spinOf } from "./spin.ts";

/** What a session had played before the first event that is at hand. */
export interface Before {
  rounds: number;
  /** In units of 0.0001 credits. */
  wagered: bigint;
  won: bigint;
}

export const NOTHING: Before = { rounds: 0, wagered: 0n, won: 0n };

export interface Curves {
  seq: number[];
  balance: number[];
  rounds: number[];
  observed: number[];
  low: number[];
  high: number[];
}

/** The two-sided quantile of the normal distribution at 95 %. */
export const Z95 = 1.959964;

/**
 * Both curves. The observed RTP is what was won by what was wagered. Where stakes differ, its standard deviation after
 * the stakes `s` is `σ·√(Σs²)/Σs`, which is `σ/√n` for equal ones. A round counts when it is closed.
 */
export function curves(events: readonly Event[], before: Before, expected: Theory | undefined): Curves {
  const made: Curves = { seq: [], balance: [], rounds: [], observed: [], low: [], high: [] };
  let { rounds, wagered, won } = before;
  // Of what was played before only the sum of the stakes is known: they are taken as equal.
  let squares = rounds > 0 ? credits(wagered) ** 2 / rounds : 0;
  for (const event of events) {
    const balance: unknown = event.result.balance;
    if (typeof balance === "string") {
      made.seq.push(event.seq);
      made.balance.push(credits(units(balance)));
    }
    const spin = spinOf(event);
    if (!spin?.round.closed) continue;
    rounds += 1;
    wagered += units(spin.stake);
    won += units(spin.round.won);
    squares += credits(units(spin.stake)) ** 2;
    const total = credits(wagered);
    made.rounds.push(rounds);
    made.observed.push(credits(won) / total);
    if (!expected) continue;
    const half = (Z95 * expected.deviation * Math.sqrt(squares)) / total;
    made.low.push(Math.max(0, expected.mean - half));
    made.high.push(expected.mean + half);
  }
  return made;
}

/** What was played before the events at hand: the session's counters less what these events add. */
export function beforeOf(
  events: readonly Event[],
  metrics: { spins: number; wagered: string; won: string },
): Before {
  const before = { rounds: metrics.spins, wagered: units(metrics.wagered), won: units(metrics.won) };
  for (const event of events) {
    const spin = spinOf(event);
    if (!spin) continue;
    before.won -= units(spin.payout);
    if (spin.mode === "free") continue;
    before.rounds -= 1;
    before.wagered -= units(spin.stake);
  }
  return before;
}

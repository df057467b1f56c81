// What a behaviour looks at, and the stakes that are open to it.

import { type Event, type Game, type Observation, type Session, units, type Wallet } from "@reelhouse/client";

/** A session as it stands, with what has happened in it. */
export interface View {
  readonly session: Session;
  /** What is staked from; null while there is no wallet. */
  readonly purse: Purse | null;
  readonly game: Game;
  /** The latest events, at most `WINDOW`, oldest first. */
  readonly events: readonly Event[];
}

/** What a wallet has for play, in units. */
export interface Purse {
  readonly balance: bigint;
  /** What a paid spin costs beside its stake. */
  readonly fee: bigint;
  /** What the daily limit still leaves; null without one. */
  readonly spendLeft: bigint | null;
}

/** The purse that a wallet is. */
export function purseOf({ balance, cost_rate, daily_limit, spent_today }: Wallet): Purse {
  const left = daily_limit == null ? null : units(daily_limit) - units(spent_today);
  return {
    balance: units(balance),
    fee: units(cost_rate.per_spin),
    spendLeft: left !== null && left < 0n ? 0n : left,
  };
}

/** The purse that an action left, as its answer tells of it; null without a wallet. */
export function purseSeen({ balance, fee, spend_left }: Observation): Purse | null {
  if (balance == null) return null;
  return {
    balance: units(balance),
    fee: units(fee),
    spendLeft: spend_left == null ? null : units(spend_left),
  };
}

/** How many events a behaviour sees. */
export const WINDOW = 64;
/** The rungs of the bet ladder, in unit bets: those of the server's default ladder. */
const RUNGS = [1n, 2n, 5n, 10n, 20n, 50n, 100n];

/** The smallest stake of a game, in units: one credit on each line, or on each of the bets of a game without lines. */
export function unitBet(game: Game): bigint {
  const { credit, evaluation } = game.symbol_map as { credit: string; evaluation: Evaluation };
  return units(credit) * BigInt(evaluation.bets ?? evaluation.lines?.length ?? 1);
}

interface Evaluation {
  bets?: number;
  lines?: unknown[];
}

/** The rungs that the purse and the session's `max_bet` leave open, in units, smallest first. */
export function openStakes({ purse, game, session }: View): bigint[] {
  if (!purse) return [];
  const caps = [purse.balance - purse.fee];
  if (purse.spendLeft !== null) caps.push(purse.spendLeft - purse.fee);
  const { max_bet } = session.player_profile;
  if (max_bet != null) caps.push(units(max_bet));
  const unit = unitBet(game);
  return RUNGS.map((rung) => rung * unit).filter((stake) => caps.every((cap) => stake <= cap));
}

/** The largest of the stakes that is at most `cap`, else the smallest. Undefined of none. */
export function stakeBelow(stakes: readonly bigint[], cap: bigint): bigint | undefined {
  return stakes.filter((stake) => stake <= cap).at(-1) ?? stakes[0];
}

/** The balance that the session began with, in units, as far as its own play tells. */
export function startBalance({ purse, session }: View): bigint {
  return purse ? purse.balance - units(session.metrics.net) : 0n;
}

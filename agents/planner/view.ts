// What a behaviour looks at, and the stakes that are open to it.

import { type Event, type Game, type Session, units, type Wallet } from "@reelhouse/client";

/** A session as it stands, with what has happened in it. */
export interface View {
  readonly session: Session;
  /** The wallet in use; null while there is none. */
  readonly wallet: Wallet | null;
  readonly game: Game;
  /** The latest events, at most `WINDOW`, oldest first. */
  readonly events: readonly Event[];
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

/** The rungs that the wallet, its daily limit and the session's `max_bet` leave open, in units, smallest first. */
export function openStakes(view: View): bigint[] {
  const { wallet, game, session } = view;
  if (!wallet) return [];
  const fee = units(wallet.cost_rate.per_spin);
  const caps = [units(wallet.balance) - fee];
  if (wallet.daily_limit != null) caps.push(units(wallet.daily_limit) - units(wallet.spent_today) - fee);
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
export function startBalance(view: View): bigint {
  return view.wallet ? units(view.wallet.balance) - units(view.session.metrics.net) : 0n;
}

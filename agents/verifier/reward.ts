// What an event is worth to whoever learns from it (docs/rl.md), as the nearest floats.

import { credits } from "./money.ts";
import type { Reward } from "./proof.ts";

/** What an event did, as far as a reward goes by it; amounts in units of 0.0001 credits. */
export interface Rewarded {
  /** The change that it made to the balance. */
  moved: bigint;
  /** The balance after it. */
  balance: bigint;
  /** The stake of its round, else the last one; 0 before the first. */
  stake: bigint;
  unitBet: bigint;
  paidSpin: boolean;
}

/** Logarithms are rounded to so many parts of one. */
const PARTS = 1e9;

/** The reward of an event, never a negative zero. */
export function rewardOf(reward: Reward, event: Rewarded): number {
  const value = formula(reward, event);
  return Number.isFinite(value) ? value + 0 : 0;
}

function formula(reward: Reward, { moved, balance, stake, unitBet, paidSpin }: Rewarded): number {
  switch (reward) {
    case "net":
      return credits(moved);
    case "net_per_stake":
      return Number(moved) / Number(stake > 0n ? stake : unitBet);
    case "log_bankroll":
      return moved === 0n ? 0 : logGrowth(Number(moved), Number(balance), Number(unitBet));
    case "spins":
      return paidSpin ? 1 : 0;
  }
}

function logGrowth(moved: number, balance: number, unitBet: number): number {
  const after = balance + unitBet;
  const parts = Math.log(after / (after - moved)) * PARTS;
  // Half away from zero; `Math.round` takes halves up.
  return (Math.sign(parts) * Math.round(Math.abs(parts))) / PARTS;
}

// The behaviours: each chooses the next action from a view alone, so that the same view gives the same choice.

import { type Action, amount, type Event, units } from "@reelhouse/client";
import { pick, type Random, seeded } from "./random.ts";
import { openStakes, stakeBelow, startBalance, type View } from "./view.ts";

/** A way to play. */
export interface Behaviour {
  readonly name: string;
  /** The next action; null when there is nothing left to do in the session. */
  choose(view: View): Action | null | Promise<Action | null>;
}

/** The behaviours by name. */
export const BEHAVIOURS = ["conservative", "aggressive", "adaptive", "random"] as const;
export type BehaviourName = (typeof BEHAVIOURS)[number];

/** What a behaviour does with a choice of stakes (in units, smallest first, at least one): one of them, or null to leave. */
type Chooser = (view: View, stakes: readonly bigint[], random: Random) => bigint | null;

const CHOOSERS: Record<BehaviourName, Chooser> = {
  conservative: chooseConservative,
  aggressive: chooseAggressive,
  adaptive: chooseAdaptive,
  random: chooseRandom,
};

/** The behaviour of a name. All that is random in it follows from the seed and the session's place. */
export function behaviour(name: BehaviourName, seed: string): Behaviour {
  return {
    name,
    choose(view) {
      const random = seeded(`${seed}:${view.session.last_seq}`);
      return choose(view, CHOOSERS[name], random, name === "random");
    },
  };
}

function choose(view: View, chooser: Chooser, random: Random, wavers: boolean): Action | null {
  const { state, allowed_actions: allowed } = view.session;
  if (state === "bet_placed" && wavers && random() < 0.125) return { type: "void" };
  if (state === "bet_placed" || state === "free_games") return { type: "spin" };
  if (state === "idle") return { type: "close" };
  const stakes = allowed.includes("spin") ? openStakes(view) : [];
  const stake = stakes.length > 0 ? chooser(view, stakes, random) : null;
  if (stake === null) return leave(view);
  return { type: wavers && random() < 0.125 ? "bet" : "spin", amount: amount(stake) };
}

/** The action that ends the session, when there is one. */
export function leave(view: View): Action | null {
  return view.session.allowed_actions.includes("cash_out") ? { type: "cash_out" } : null;
}

/** The smallest stake, until half of the start is lost or half of it is won. */
function chooseConservative(view: View, stakes: readonly bigint[]): bigint | null {
  const [balance, start] = balances(view);
  const enough = 2n * balance <= start || 2n * balance >= 3n * start;
  return enough ? null : (stakes[0] ?? null);
}

/** A twentieth of the balance, more after each dry round up to a quarter, until there are five times the start. */
function chooseAggressive(view: View, stakes: readonly bigint[]): bigint | null {
  const [balance, start] = balances(view);
  if (balance >= 5n * start) return null;
  const twentieths = BigInt(Math.min(5, 1 + view.session.metrics.dry_run));
  return stakeBelow(stakes, (balance * twentieths) / 20n) ?? null;
}

/** A fiftieth of the balance, twice that while the latest rounds pay more than they cost, half while they pay less than half. */
function chooseAdaptive(view: View, stakes: readonly bigint[]): bigint | null {
  const [balance, start] = balances(view);
  const { wagered, won } = recent(view.events);
  const cold = 2n * won < wagered;
  if (cold && 3n * balance <= start) return null;
  const share = balance / 50n;
  const hot = wagered > 0n && won > wagered;
  return stakeBelow(stakes, hot ? 2n * share : cold ? share / 2n : share) ?? null;
}

/** Any open stake; one time in a hundred it leaves. */
function chooseRandom(_: View, stakes: readonly bigint[], random: Random): bigint | null {
  return random() < 0.01 ? null : (pick(stakes, random) ?? null);
}

function balances(view: View): [balance: bigint, start: bigint] {
  return [view.purse?.balance ?? 0n, startBalance(view)];
}

/** What the spins among the events took and gave, in units. */
function recent(events: readonly Event[]): { wagered: bigint; won: bigint } {
  let [wagered, won] = [0n, 0n];
  for (const { action, result } of events) {
    if (action.type !== "spin") continue;
    // A free game repeats the stake of its round, which was paid with the first spin.
    if (result.mode === "base") wagered += units(result.stake as string);
    won += units(result.payout as string);
  }
  return { wagered, won };
}

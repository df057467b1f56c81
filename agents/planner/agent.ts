// One agent at one session: look, choose, act, until the session ends.

import { type ActionAnswer, type Reelhouse, Refused, type Session } from "@reelhouse/client";
import { type Behaviour, leave } from "./behaviours.ts";
import { PlanningCache } from "./cache.ts";
import type { View } from "./view.ts";

export interface PlayOptions {
  /** After so many actions the agent leaves as soon as it may; no limit unless given. */
  maxSteps?: number;
  /** What to remember between decisions; a new memory unless given. */
  cache?: PlanningCache;
  /** Told of every action that was done. */
  onStep?: (answer: ActionAnswer, view: View) => void;
  /** Ends the play; the session stays open. */
  signal?: AbortSignal;
}

/** How many refusals in a row an agent takes before it gives up. */
const PATIENCE = 5;
/** Refusals after which there is nothing to be staked: the rules, or the wallet, changed since the agent looked. */
const SPENT = new Set(["insufficient_funds", "daily_limit_exceeded", "max_bet_exceeded"]);

/** Everything a behaviour sees of a session: its state and wallet are read anew for each decision. */
export async function look(house: Reelhouse, cache: PlanningCache, sessionId: string): Promise<View> {
  const session = await house.session(sessionId);
  const [wallet, game] = await Promise.all([
    session.current_wallet_id ? house.wallet(session.current_wallet_id) : null,
    cache.game(session.game_id),
  ]);
  return { session, wallet, game, events: await cache.events(session, game) };
}

/**
 * Plays a session with a behaviour until it ends, or until the behaviour has nothing left to do. Returns the session as it
 * then stands.
 * @throws Refused when the server refuses again and again.
 */
export async function play(
  house: Reelhouse,
  sessionId: string,
  behaviour: Behaviour,
  options: PlayOptions = {},
): Promise<Session> {
  const { cache = new PlanningCache(house), maxSteps = Number.POSITIVE_INFINITY } = options;
  let [steps, refusals, spent] = [0, 0, false];
  for (;;) {
    const view = await look(house, cache, sessionId);
    const going = steps >= maxSteps || spent;
    const action = (going ? leave(view) : null) ?? (await behaviour.choose(view));
    if (isFinal(view.session) || action === null || options.signal?.aborted) {
      cache.forget(sessionId);
      return view.session;
    }
    try {
      const answer = await house.act(sessionId, action);
      cache.add(answer.event);
      options.onStep?.(answer, view);
      [steps, refusals] = [steps + 1, 0];
    } catch (error) {
      refusals += 1;
      if (!(error instanceof Refused) || refusals >= PATIENCE) throw error;
      spent ||= SPENT.has(error.code);
    }
  }
}

function isFinal(session: Session): boolean {
  return session.state === "completed" || session.state === "expired";
}

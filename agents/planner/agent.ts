// One agent at one session: look, choose, act, until the session ends.

import { type ActionAnswer, type Reelhouse, Refused, type Session } from "@reelhouse/client";
import { type Behaviour, leave } from "./behaviours.ts";
import { PlanningCache } from "./cache.ts";
import { purseOf, purseSeen, type View } from "./view.ts";

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

/** Everything a behaviour sees of a session, its state and wallet read anew. */
export async function look(house: Reelhouse, cache: PlanningCache, sessionId: string): Promise<View> {
  const session = await house.session(sessionId);
  const [wallet, game] = await Promise.all([
    session.current_wallet_id ? house.wallet(session.current_wallet_id) : null,
    cache.game(session.game_id),
  ]);
  return { session, purse: wallet && purseOf(wallet), game, events: await cache.events(session, game) };
}

/** What there is to be seen after an action: its answer has it all, as it was committed. */
async function seen(house: Reelhouse, cache: PlanningCache, { session }: ActionAnswer): Promise<View> {
  if (!session.observation) return look(house, cache, session.session_id);
  const game = await cache.game(session.game_id);
  return { session, purse: purseSeen(session.observation), game, events: await cache.events(session, game) };
}

/**
 * Plays a session with a behaviour until it ends, or until the behaviour has nothing left to do. Returns the session as it
 * then stands. What the behaviour sees is what the API said last: the answer to the action before, and after a refusal, which
 * others may have caused, a fresh read.
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
  let view = await look(house, cache, sessionId);
  for (;;) {
    const going = steps >= maxSteps || spent;
    const action = (going ? leave(view) : null) ?? (await behaviour.choose(view));
    if (isFinal(view.session) || action === null || options.signal?.aborted) {
      cache.forget(sessionId);
      return view.session;
    }
    const answer = await house.act(sessionId, action).catch((error: unknown) => {
      refusals += 1;
      if (!(error instanceof Refused) || refusals >= PATIENCE) throw error;
      // Once it may be that others spent what was there when the agent looked.
      spent ||= refusals > 1 && SPENT.has(error.code);
      return null;
    });
    if (answer) {
      cache.add(answer.event);
      options.onStep?.(answer, view);
      [steps, refusals] = [steps + 1, 0];
    }
    view = answer ? await seen(house, cache, answer) : await look(house, cache, sessionId);
  }
}

function isFinal(session: Session): boolean {
  return session.state === "completed" || session.state === "expired";
}

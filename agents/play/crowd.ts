// Many sessions at once, each with a wallet of its own.

import { createHash } from "node:crypto";
import type { ActionAnswer, Game, Reelhouse, Session } from "@reelhouse/client";
import { type Behaviour, PlanningCache, play } from "@reelhouse/planner";
import type { Options } from "./options.ts";
import { Tally } from "./tally.ts";

/** The options ask for what is not there. */
export class Mistake extends Error {}

/** What a crowd tells while it plays. */
export interface Listener {
  step(): void;
  sessionDone(): void;
}

/** The player of a session, whose own chance follows from the seed. */
export type Player = (seed: string) => Behaviour;

/** Plays all the sessions of the options; `signal` ends it early, with what was played. */
export async function playAll(
  house: Reelhouse,
  game: Game,
  player: Player,
  options: Options,
  listener: Listener,
  signal?: AbortSignal,
): Promise<Tally> {
  const tally = new Tally();
  const cache = new PlanningCache(house);
  let next = 0;
  const worker = async () => {
    while (next < options.sessions && !signal?.aborted) {
      const seed = `${options.seed}/${next}`;
      next += 1;
      const session = await open(house, game, seed, options);
      const answers: ActionAnswer[] = [];
      const onStep = (answer: ActionAnswer) => {
        answers.push(answer);
        listener.step();
      };
      const settings = { cache, maxSteps: options.maxSteps, onStep, ...(signal ? { signal } : {}) };
      tally.add(await play(house, session.session_id, player(seed), settings), answers);
      listener.sessionDone();
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, options.sessions) }, worker));
  return tally;
}

async function open(house: Reelhouse, game: Game, seed: string, options: Options): Promise<Session> {
  const { balance, dailyLimit, fee, maxBet, policy, reward, training } = options;
  const wallet = await house.createWallet({
    balance,
    daily_limit: dailyLimit ?? null,
    cost_rate: { per_spin: fee },
  });
  const behavior = policy.kind === "behaviour" ? policy.name : "onnx";
  return house.createSession({
    game_id: game.game_id,
    wallet_id: wallet.wallet_id,
    player_profile: { behavior, max_bet: maxBet ?? null },
    client_seed: seed,
    reward,
    training_seed: training ? trainingSeed(seed) : null,
  });
}

/** A number of at most 53 bits that a text fixes. */
function trainingSeed(text: string): number {
  const word = createHash("sha256").update(text).digest().readBigUInt64BE();
  return Number(word >> 11n);
}

/** The game of a name or id; the catalogue's first when none is asked for. */
export async function findGame(house: Reelhouse, asked: string | undefined): Promise<Game> {
  const names: string[] = [];
  for await (const game of house.games()) {
    if (asked === undefined || game.name === asked || game.game_id === asked) return game;
    names.push(game.name);
  }
  if (names.length === 0) throw new Mistake("the server has no games");
  throw new Mistake(`the server has no game ${asked}; it has ${names.join(", ")}`);
}

// What most tests need: a client, a game, a session with a wallet.

import { type NewWallet, Reelhouse, type Session } from "@reelhouse/client";
import { inject } from "vitest";

/** A client of the server under test. */
export function house(): Reelhouse {
  return new Reelhouse({ url: inject("url") });
}

/** The id of a reference game. */
export async function gameId(of: Reelhouse, name = "fruit-5x3"): Promise<string> {
  for await (const game of of.games()) if (game.name === name) return game.game_id;
  throw new Error(`the server has no game ${name}`);
}

export interface SessionOptions {
  wallet?: Partial<NewWallet>;
  maxBet?: string;
  game?: string;
}

/** A fresh session with a wallet of 100 credits of its own. */
export async function openSession(of: Reelhouse, options: SessionOptions = {}): Promise<Session> {
  const { wallet_id } = await of.createWallet({ balance: "100.00", ...options.wallet });
  const game_id = await gameId(of, options.game);
  const player_profile = options.maxBet === undefined ? {} : { max_bet: options.maxBet };
  return of.createSession({ game_id, wallet_id, player_profile });
}

/** Everything that an iterator brings. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

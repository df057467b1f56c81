// Proofs for the tests: sessions that a real server played, whatever their players thought of.

import type { Action, Game, NewSession, Reelhouse, Session } from "@reelhouse/client";
import { pick, type Random, seeded } from "@reelhouse/planner";

/** A game's name and its two documents. */
export type Definition = Pick<Game, "name" | "rng_signature" | "symbol_map">;

/** The longest wait for the profile of a game, in milliseconds. */
const PATIENCE = 120_000;

/** Posts a game, and waits until it can be played. */
export async function post(of: Reelhouse, { name, rng_signature, symbol_map }: Definition): Promise<Game> {
  const { data, error } = await of.api.POST("/games", { body: { name, rng_signature, symbol_map } });
  if (!data) throw new Error(`${name} was refused: ${JSON.stringify(error)}`);
  const until = Date.now() + PATIENCE;
  for (;;) {
    const game = await of.game(data.game_id);
    const { method } = game.statistical_profile as { method?: unknown };
    if (method !== "pending") return game;
    if (Date.now() > until) throw new Error(`${name} has no profile yet`);
    await new Promise((resume) => setTimeout(resume, 100));
  }
}

/** How a session is played. */
export interface Play {
  game: Game;
  /** What fixes the choices and, in a training session, the draws. */
  seed: number;
  /** How many actions are asked for, refused ones included. */
  actions: number;
  /** Whether draws are the house's, so that every run has others. */
  fair?: boolean;
  reward?: NewSession["reward"];
  /** How many demo spins a probe has at most. */
  probes?: number;
}

/** Plays a session to its end, with whatever a player or an operator may ask for, and gives its proof. */
export async function played(of: Reelhouse, play: Play): Promise<string> {
  const random = seeded(`${play.seed}`);
  const wallets = [await wallet(of, "0.0100"), await wallet(of, "0.0000"), await wallet(of, "0.0001")];
  const idle = random() < 0.3;
  let session = await of.createSession({
    game_id: play.game.game_id,
    ...(idle ? {} : { wallet_id: pick(wallets, random) ?? null }),
    ...(play.fair ? {} : { training_seed: play.seed }),
    ...(play.reward ? { reward: play.reward } : {}),
    ...(random() < 0.5 ? { client_seed: 'żółw 🐢 "\\\u0007' } : {}),
    player_profile: { max_bet: "1000.00" },
  });
  const unit = unitBet(play.game);
  for (let asked = 0; asked < play.actions; asked++) {
    const action = choose(session, random, wallets, unit, play.probes ?? 50);
    session = await attempt(of, session, action);
  }
  return proofOf(of, await finish(of, session));
}

/** The proof of an ended session, as it is downloaded. */
export async function proofOf(of: Reelhouse, { session_id }: Session): Promise<string> {
  const answer = await fetch(`${of.url}/sessions/${session_id}/proof`);
  if (!answer.ok) throw new Error(`the proof was refused: ${await answer.text()}`);
  return answer.text();
}

async function wallet(of: Reelhouse, per_spin: string): Promise<string> {
  const cost_rate = { per_spin, per_query: "0.0010" };
  return (await of.createWallet({ balance: "5000.00", cost_rate })).wallet_id;
}

/** One credit on every line, or on every bet, in units of 0.0001 credits. */
function unitBet({ symbol_map }: Game): number {
  const { credit, evaluation } = symbol_map as {
    credit: string;
    evaluation: { lines?: unknown[]; bets?: number };
  };
  return Math.round(Number(credit) * 10_000) * (evaluation.lines?.length ?? evaluation.bets ?? 1);
}

/** Something to be asked for: mostly what the state allows, now and then what it does not. */
function choose(session: Session, random: Random, wallets: string[], unit: number, probes: number): Action {
  const amount = ((unit * Math.ceil(random() * 5)) / 10_000).toFixed(4);
  const spin: Action = { type: "spin", amount };
  const dice = random();
  if (session.state === "idle") return { type: "attach_wallet", wallet_id: pick(wallets, random) ?? "" };
  if (session.state === "suspended") return { type: "resume" };
  if (session.state === "bet_placed") return dice < 0.3 ? { type: "void" } : { type: "spin" };
  if (dice < 0.02) return { type: "suspend" };
  if (dice < 0.05) return { type: "void" };
  if (session.state === "free_games") return { type: "spin" };
  if (dice < 0.08) return { type: "spin", amount: "999.0001" };
  if (dice < 0.12) return { type: "probe", spins: Math.ceil(random() * probes) };
  if (dice < 0.17) return { type: "attach_wallet", wallet_id: pick(wallets, random) ?? "" };
  if (dice < 0.2)
    return random() < 0.5 ? { type: "rotate_seed" } : { type: "rotate_seed", client_seed: `${dice}` };
  if (dice < 0.3) return { type: "bet", amount };
  return spin;
}

/** Asks for an action. The session as it is then, unchanged by a refusal. */
async function attempt(of: Reelhouse, session: Session, body: Action): Promise<Session> {
  const path = { id: session.session_id };
  const { data, response } = await of.api.POST("/sessions/{id}/action", { params: { path }, body });
  if (response.status >= 500) throw new Error(`${JSON.stringify(body)} was answered by ${response.status}`);
  return data && "session" in data ? data.session : session;
}

async function finish(of: Reelhouse, session: Session): Promise<Session> {
  const ways: { [state: string]: Action } = {
    idle: { type: "close" },
    suspended: { type: "resume" },
    bet_placed: { type: "spin" },
    free_games: { type: "spin" },
  };
  let last = session;
  while (last.state !== "completed") last = await attempt(of, last, ways[last.state] ?? { type: "cash_out" });
  return last;
}

// The verifier: checks a session proof from the one document alone.

import { checkChain, checkHead, checkOpening, checkSignatures } from "./chain.ts";
import { type Fault, Stop } from "./fault.ts";
import { readGame } from "./game/definition.ts";
import { Engine } from "./game/engine.ts";
import { checkLedger } from "./ledger.ts";
import { amount } from "./money.ts";
import { type Proof, read } from "./proof.ts";
import { Replay } from "./replay.ts";

/** What a check may be told. */
export interface Options {
  /** The house's public key in 64 hexadecimal digits, got by another way than the proof. */
  publicKey?: string | undefined;
  /** Told now and then how many of the events were played again. */
  progress?: ((done: number, all: number) => void) | undefined;
}

/** What a proof proves. Amounts are in credits. */
export interface Proven {
  ok: true;
  session_id: string;
  /** The fingerprint of the game that was played. */
  fingerprint: string;
  state: string;
  /** Whether the caller chose the server seed: the draws are what that seed makes, and no chance. */
  training: boolean;
  events: number;
  entries: number;
  seeds: number;
  spins: number;
  free_games: number;
  probe_spins: number;
  wagered: string;
  won: string;
  fees: string;
  /** The key that signed, and whether it is the one that was expected: a key that is only named proves not who signed. */
  public_key: string;
  key_expected: boolean;
}

/** What is wrong with a proof. */
export interface Refuted {
  ok: false;
  /** The fault that is nearest to the cause. */
  fault: Fault;
  /** The first fault of every check that found one; whatever is changed breaks several. */
  faults: Fault[];
}

/** What came of a check. */
export type Report = Proven | Refuted;

/** So many events are played again before others get their turn. */
const STRETCH = 32;

/**
 * Checks a session proof as it was downloaded. It never throws: what cannot be read or checked is a fault.
 *
 * Without `publicKey`, a forger who signs with a key of their own is not told apart from the house; the report says
 * whether a key was expected.
 */
export async function verifyProof(text: string, options: Options = {}): Promise<Report> {
  const faults: Fault[] = [];
  try {
    const proof = read(text);
    const replay = await checkAll(proof, options, faults);
    if (replay && faults.length === 0) return proven(proof, replay, options);
  } catch (error) {
    faults.push(faultOf(error));
  }
  const [fault = faultOf("no check was made")] = faults;
  return { ok: false, fault, faults };
}

/** Makes every check that can be made, from causes to consequences; what signatures cover comes last. */
async function checkAll(proof: Proof, options: Options, faults: Fault[]): Promise<Replay | undefined> {
  const noting = async <T>(check: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await check();
    } catch (error) {
      faults.push(faultOf(error));
      return undefined;
    }
  };
  const game = await noting(() => readGame(proof.game));
  await noting(() => checkOpening(proof));
  // Without a game there is no replay, and a fault that says why.
  const replay = game && (await noting(() => replayAll(proof, new Engine(game), options)));
  await noting(() => checkChain(proof));
  await noting(() => checkLedger(proof));
  await noting(() => checkHead(proof));
  await noting(() => checkSignatures(proof, options.publicKey));
  return replay;
}

async function replayAll(proof: Proof, engine: Engine, { progress }: Options): Promise<Replay> {
  const replay = new Replay(proof, engine);
  for (const [place, event] of proof.events.entries()) {
    if (place % STRETCH === 0) {
      progress?.(place, proof.events.length);
      await new Promise((resume) => setTimeout(resume));
    }
    replay.take(event, place);
  }
  replay.end();
  return replay;
}

function proven(proof: Proof, { session }: Replay, { publicKey }: Options): Proven {
  const { totals } = session;
  return {
    ok: true,
    session_id: proof.session_id,
    fingerprint: proof.game.fingerprint,
    state: session.state,
    training: proof.opened.training,
    events: proof.events.length,
    entries: proof.entries.length,
    seeds: proof.seeds.length,
    spins: totals.spins,
    free_games: totals.freeGames,
    probe_spins: totals.probeSpins,
    wagered: amount(totals.wagered),
    won: amount(totals.won),
    fees: amount(totals.fees),
    public_key: proof.head.public_key,
    key_expected: publicKey !== undefined,
  };
}

function faultOf(error: unknown): Fault {
  if (error instanceof Stop) return error.fault;
  const found = error instanceof Error ? `${error.name}: ${error.message}` : `${error}`;
  return {
    kind: "unsupported",
    seq: null,
    pointer: "",
    expected: "a proof that this program can check",
    found,
  };
}

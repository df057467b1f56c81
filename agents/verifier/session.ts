// A session that is played again: the rules of its states, its money and its draws (docs/fairness.md, section 7, check 5).

import { type Action, checkAllowed } from "./action.ts";
import { wrong } from "./fault.ts";
import type { Engine } from "./game/engine.ts";
import { digest, fromHex } from "./hash.ts";
import { amount, MOST } from "./money.ts";
import type { EntryKind, Proof, ProvenWallet, Seed, State } from "./proof.ts";
import type { Members } from "./shape.ts";
import { FairStream } from "./stream.ts";
import { names, stepsOf, winsOf } from "./told.ts";

/** A move of money that the rules make, in units of 0.0001 credits. */
export interface Move {
  kind: EntryKind;
  amount: bigint;
}

/** What an action comes to. */
export interface Taken {
  /** The result document, but for its version and balance. */
  result: Members;
  moves: Move[];
  paidSpin: boolean;
}

/** The round that is open: a held stake, or a paid spin with free games left. */
interface Round {
  stake: bigint;
  /** The nonce that it draws with; null while the stake is only held. */
  nonce: number | null;
  words: number;
  left: number;
  played: number;
  won: bigint;
}

/** What a session came to so far; amounts in units of 0.0001 credits. */
export interface Totals {
  spins: number;
  freeGames: number;
  probeSpins: number;
  wagered: bigint;
  won: bigint;
  fees: bigint;
}

/** A wallet as an action finds it. */
export interface Purse extends ProvenWallet {
  balance: bigint;
}

const AT = "/action";

/** A session that is played again. */
export class Session {
  state: State;
  wallet_id: string | null;
  /** The stake of the round, or of the last one; 0 before the first. */
  stake = 0n;
  /** How many rotations there were, which is the place of the seed in use. */
  rotations = 0;
  readonly totals: Totals = { spins: 0, freeGames: 0, probeSpins: 0, wagered: 0n, won: 0n, fees: 0n };
  readonly #engine: Engine;
  readonly #seeds: readonly Seed[];
  #seed: Seed;
  #nonce = 0;
  #round: Round | null = null;
  #suspendedFrom: State = "idle";

  constructor(proof: Proof, engine: Engine) {
    this.#engine = engine;
    this.#seeds = proof.seeds;
    this.#seed = proof.seeds[0] ?? wrong("/seeds", "at least one seed", "none");
    this.wallet_id = proof.opened.wallet_id;
    this.state = this.wallet_id === null ? "idle" : "initialized";
  }

  /** Whether nothing more can happen. */
  get ended(): boolean {
    return this.state === "completed" || this.state === "expired";
  }

  /** Takes an action; stops at one that the rules refuse. `purse` is null without a wallet. */
  take(action: Action, purse: Purse | null): Taken {
    checkAllowed(action, this.state, this.#round !== null);
    switch (action.type) {
      case "bet":
        return this.#bet(action.amount, must(purse));
      case "spin":
        return this.#spin(action.amount, must(purse));
      case "probe":
        return this.#probe(action.spins, must(purse));
      case "void":
        return this.#void();
      case "attach_wallet":
        return this.#attach(action.wallet_id);
      case "rotate_seed":
        return this.#rotate(action.client_seed);
      case "suspend":
        this.#suspendedFrom = this.state;
        this.state = "suspended";
        return plain({});
      case "resume":
        this.state = this.#suspendedFrom;
        return plain({});
      default:
        return this.#finish(action.type === "expire" ? "expired" : "completed");
    }
  }

  #attach(wallet_id: string): Taken {
    const previous = this.wallet_id;
    this.wallet_id = wallet_id;
    if (this.state === "idle") this.state = "initialized";
    const commitment = digest(fromHex(this.#seed.server_seed));
    return plain({ wallet_id, ...(previous === null ? {} : { previous_wallet_id: previous }), commitment });
  }

  #bet(stake: bigint, purse: Purse): Taken {
    this.#hold(stake, purse);
    this.state = "bet_placed";
    return { result: { stake: amount(stake) }, moves: [{ kind: "stake", amount: -stake }], paidSpin: false };
  }

  /** Holds a stake beside which the fee of its spin could be paid. */
  #hold(stake: bigint, purse: Purse): void {
    const { unitBet, maxStake } = this.#engine;
    if (stake <= 0n || stake % unitBet !== 0n || stake > maxStake) {
      const multiple = `a whole multiple of ${amount(unitBet)} up to ${amount(maxStake)}`;
      wrong(`${AT}/amount`, multiple, amount(stake));
    }
    if (stake + purse.perSpin > purse.balance) {
      wrong(
        `${AT}/amount`,
        `a stake and fee of at most the balance of ${amount(purse.balance)}`,
        amount(stake),
      );
    }
    this.#round = { stake, nonce: null, words: 0, left: 0, played: 0, won: 0n };
    this.stake = stake;
  }

  #spin(stake: bigint | null, purse: Purse): Taken {
    const paid = this.state !== "free_games";
    const moves: Move[] = [];
    if (stake !== null) {
      this.#hold(stake, purse);
      moves.push({ kind: "stake", amount: -stake });
    }
    const fee = paid ? purse.perSpin : 0n;
    if (fee > 0n) moves.push({ kind: "fee", amount: -fee });
    const round = this.#round ?? wrong(AT, "a round that is open", "none");
    const result = this.#play(round, paid, fee, moves);
    this.#count(paid ? round.stake : 0n, fee);
    this.#round = round.left > 0 ? round : null;
    this.state = round.left > 0 ? "free_games" : "playing";
    this.stake = round.stake;
    return { result, moves, paidSpin: paid };
  }

  /** Draws and pays one spin of a round. */
  #play(round: Round, paid: boolean, fee: bigint, moves: Move[]): Members {
    const engine = this.#engine;
    const nonce = round.nonce ?? this.#nonce;
    const from = round.words;
    const draws = this.#deal(nonce, from);
    const mode = paid ? "base" : "free";
    const outcome = engine.spin(mode, draws);
    const payout = engine.payout(round.stake, outcome);
    if (payout > 0n) moves.push({ kind: "payout", amount: payout });
    round.nonce = nonce;
    round.words = draws.taken;
    round.won += payout;
    if (paid) this.#nonce = nonce + 1;
    else {
      round.left -= 1;
      round.played += 1;
    }
    round.left += outcome.awarded;
    this.totals[paid ? "spins" : "freeGames"] += 1;
    this.totals.won += payout;
    return {
      mode,
      nonce,
      words: [from, round.words],
      stops: outcome.stops,
      ...(engine.plain ? {} : { draws: outcome.draws }),
      symbols: names(engine, outcome.steps[0]?.window ?? []),
      ...(engine.plain ? {} : { steps: stepsOf(engine, round.stake, outcome) }),
      wins: winsOf(engine, round.stake, outcome),
      stake: amount(round.stake),
      fee: amount(fee),
      payout: amount(payout),
      free_games: { awarded: outcome.awarded, left: round.left, played: round.played },
      round: { won: amount(round.won), closed: round.left === 0 },
    };
  }

  #probe(spins: number, purse: Purse): Taken {
    const fee = purse.perQuery * BigInt(spins);
    const nonce = this.#nonce;
    this.#nonce += 1;
    const tally = this.#demo(spins, this.#deal(nonce, 0));
    this.totals.probeSpins += spins;
    this.#count(0n, fee);
    const { unitBet } = this.#engine;
    const result = {
      nonce,
      spins,
      fee: amount(fee),
      unit_bet: amount(unitBet),
      wagered: amount(unitBet * BigInt(spins)),
      ...tally,
    };
    return { result, moves: fee > 0n ? [{ kind: "fee", amount: -fee }] : [], paidSpin: false };
  }

  /** Plays the demo rounds of a probe at the unit bet, each with its free games. */
  #demo(rounds: number, draws: FairStream): Members {
    const engine = this.#engine;
    const symbols: Map<string, number>[] = [];
    let [won, hits, freeGames] = [0n, 0, 0];
    for (let played = 0; played < rounds; played++) {
      let outcome = engine.spin("base", draws);
      countSymbols(symbols, names(engine, outcome.steps[0]?.window ?? []));
      let payout = engine.payout(engine.unitBet, outcome);
      let left = outcome.awarded;
      while (left > 0) {
        outcome = engine.spin("free", draws);
        left += outcome.awarded - 1;
        payout += engine.payout(engine.unitBet, outcome);
        freeGames += 1;
      }
      won += payout;
      if (payout > 0n) hits += 1;
    }
    const counted = symbols.map((counts) => Object.fromEntries(counts));
    return { symbols: counted, hits, free_games: freeGames, won: amount(won) };
  }

  #void(): Taken {
    const refund = this.#refund();
    this.state = this.totals.spins === 0 ? "initialized" : "playing";
    return refund;
  }

  /** Gives back the stake that is held, if one is. */
  #refund(): Taken {
    const stake = this.#round?.stake;
    this.#round = null;
    if (stake === undefined) return plain({});
    return { result: { refund: amount(stake) }, moves: [{ kind: "refund", amount: stake }], paidSpin: false };
  }

  /** Reveals the seed in use and goes on with the next one of the proof. */
  #rotate(clientSeed: string | null): Taken {
    const used = this.#seed;
    const next = this.#seeds[this.rotations + 1];
    if (!next) return wrong(AT, `a seed ${this.rotations + 1} of the proof for this rotation`, "none");
    this.rotations += 1;
    const expected = clientSeed ?? used.client_seed;
    if (next.client_seed !== expected) {
      wrong(
        `${AT}/client_seed`,
        `the client seed of seed ${this.rotations} of the proof`,
        JSON.stringify(expected),
      );
    }
    this.#seed = next;
    this.#nonce = 0;
    return plain({
      previous_client_seed: used.client_seed,
      client_seed: expected,
      server_seed: used.server_seed,
      commitment: digest(fromHex(next.server_seed)),
    });
  }

  /** Ends the session and reveals its seed. */
  #finish(state: State): Taken {
    const refund = this.#refund();
    this.state = state;
    return { ...refund, result: { ...refund.result, server_seed: this.#seed.server_seed } };
  }

  #count(wagered: bigint, fee: bigint): void {
    this.totals.wagered += wagered;
    this.totals.fees += fee;
    if (this.totals.won > MOST || this.totals.wagered + this.totals.fees > MOST) {
      wrong(AT, "totals within the range of amounts", "more");
    }
  }

  #deal(nonce: number, words: number): FairStream {
    return new FairStream(this.#seed.server_seed, this.#seed.client_seed, nonce, words);
  }
}

function plain(result: Members): Taken {
  return { result, moves: [], paidSpin: false };
}

/** A wallet, which every state that plays has. */
function must(purse: Purse | null): Purse {
  return purse ?? wrong(AT, "a wallet that is attached", "none");
}

function countSymbols(symbols: Map<string, number>[], window: readonly string[][]): void {
  window.forEach((reel, place) => {
    symbols[place] ??= new Map();
    for (const symbol of reel) symbols[place].set(symbol, (symbols[place].get(symbol) ?? 0) + 1);
  });
}

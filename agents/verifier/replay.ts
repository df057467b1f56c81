// The replay: takes every recorded action by the rules, and compares what comes out with what was recorded.

import { readAction } from "./action.ts";
import { canonical, type Json } from "./canonical.ts";
import { Stop, show, wrong, wrongAt } from "./fault.ts";
import type { Engine } from "./game/engine.ts";
import { minted, shardOf } from "./ids.ts";
import { balanceOf, entriesByEvent } from "./ledger.ts";
import { amount } from "./money.ts";
import type { Entry, Proof, RecordedEvent } from "./proof.ts";
import { rewardOf } from "./reward.ts";
import { type Purse, Session, type Taken } from "./session.ts";
import { isObject, type Members, step } from "./shape.ts";

/** A session's replay, event by event. */
export class Replay {
  readonly session: Session;
  readonly #proof: Proof;
  readonly #engine: Engine;
  readonly #entries: Map<string, Entry[]>;
  /** The instant of the last event; that of the opening before the first. */
  #last: number;

  constructor(proof: Proof, engine: Engine) {
    this.#proof = proof;
    this.#engine = engine;
    this.#entries = entriesByEvent(proof);
    this.#last = proof.opened.at;
    this.session = new Session(proof, engine);
  }

  /** Takes the action of the event at a place, from 0; stops at what differs from the record. */
  take(event: RecordedEvent, place: number): void {
    try {
      this.#take(event, place + 1);
    } catch (error) {
      // What stops an action is at its event.
      if (error instanceof Stop) throw new Stop({ ...error.fault, seq: place + 1 });
      throw error;
    }
  }

  #take(event: RecordedEvent, seq: number): void {
    const action = readAction(event.action);
    const entries = this.#entries.get(event.event_id) ?? [];
    const wallet = action.type === "attach_wallet" ? action.wallet_id : this.session.wallet_id;
    const purse = wallet === null ? null : this.#purse(wallet, event, entries);
    const taken = this.session.take(action, purse);
    const books = bookFault(entries, taken, wallet);
    const difference = firstDifference(this.#expected(event, seq, taken, purse), event.body);
    // A missing move of money tells more than the balance that differs for it.
    const telling = difference && !(books && FOLLOWS_MONEY.includes(difference.pointer));
    if (telling) wrong(difference.pointer, show(difference.expected), show(difference.found));
    if (books) wrong("/entries", books.expected, books.found);
    this.#last = event.at;
  }

  /** The wallet as the event found it, as far as the proof tells. */
  #purse(wallet_id: string, event: RecordedEvent, entries: readonly Entry[]): Purse {
    const wallet = this.#proof.wallets.find((listed) => listed.wallet_id === wallet_id);
    if (!wallet) return wrong("/action", `wallet ${wallet_id} among the wallets of the proof`, "none");
    // An event that moved no money tells the balance itself; the ledger's check has its neighbours.
    const balance = entries[0]?.before ?? balanceOf(event);
    if (balance === null) return wrong("/result/balance", "the balance", "none");
    if (balance < 0n) return wrong("/result/balance", "a balance of zero or more", amount(balance));
    return { ...wallet, balance };
  }

  /** The event as the rules make it, its members in the order in which they follow from one another. */
  #expected(event: RecordedEvent, seq: number, taken: Taken, purse: Purse | null): Members {
    const { session_id, opened } = this.#proof;
    const at = Math.max(event.at, this.#last);
    const moved = taken.moves.reduce((sum, move) => sum + move.amount, 0n);
    const balance = (purse?.balance ?? 0n) + moved;
    if (balance < 0n) wrong("/action", "what the wallet can pay for", `a balance of ${amount(balance)}`);
    const { stake } = this.session;
    const { unitBet } = this.#engine;
    const reward = rewardOf(opened.reward, { moved, balance, stake, unitBet, paidSpin: taken.paidSpin });
    return {
      seq,
      session_id,
      // An action was read strictly: it is what it says.
      action: event.action,
      result: { version: 1, ...taken.result, ...(purse ? { balance: amount(balance) } : {}) },
      reward,
      timestamp: new Date(at).toISOString(),
      event_id: minted(at, shardOf(session_id), event.event_id),
    };
  }

  /** Checks that the session came to the end that was signed. */
  end(): void {
    const { session, seeds, events, head } = { session: this.session, ...this.#proof };
    if (!session.ended) {
      wrongAt(events.length, "/action", "an end of the session", `a session that is ${session.state}`);
    }
    if (session.rotations + 1 !== seeds.length)
      wrong("/seeds", `${session.rotations + 1} seeds`, `${seeds.length}`);
    if (head.state !== session.state) wrong("/head/statement/state", session.state, head.state);
  }
}

/** What differs for it when a move of money is missing. */
const FOLLOWS_MONEY = ["/result/balance", "/reward"];

/** How the recorded entries of an event differ from what the rules book. */
function bookFault(entries: readonly Entry[], { moves }: Taken, wallet: string | null) {
  const words = (kind: string, of: bigint, from: string | null) => `${kind} ${amount(of)} of wallet ${from}`;
  for (let place = 0; place < Math.max(entries.length, moves.length); place++) {
    const [move, entry] = [moves[place], entries[place]];
    const expected = move ? words(move.kind, move.amount, wallet) : "no such entry";
    const found = entry ? words(entry.kind, entry.amount, entry.wallet_id) : "no such entry";
    if (expected !== found) return { expected, found };
  }
  return null;
}

interface Difference {
  pointer: string;
  expected: Json | undefined;
  found: Json | undefined;
}

/** The first difference of two values, in the order of the expected one's members. */
export function firstDifference(
  expected: Json | undefined,
  found: Json | undefined,
  pointer = "",
): Difference | null {
  if (isObject(expected) && isObject(found)) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      const value = Object.hasOwn(found, name) ? found[name] : undefined;
      const difference = firstDifference(expected[name], value, step(pointer, name));
      if (difference) return difference;
    }
    return null;
  }
  if (Array.isArray(expected) && Array.isArray(found)) {
    for (let place = 0; place < Math.max(expected.length, found.length); place++) {
      const difference = firstDifference(expected[place], found[place], step(pointer, place));
      if (difference) return difference;
    }
    return null;
  }
  const same = expected !== undefined && found !== undefined && canonical(expected) === canonical(found);
  return same || expected === found ? null : { pointer, expected, found };
}

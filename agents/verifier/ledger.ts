// The ledger (docs/fairness.md, section 7, check 6): the entries are a part of their wallets' ledgers.

import { equal, wrong, wrongAt } from "./fault.ts";
import { mintedAt, shardOf } from "./ids.ts";
import { amount, units } from "./money.ts";
import type { Entry, Proof, RecordedEvent } from "./proof.ts";
import { isObject, member } from "./shape.ts";

/** The counter-account of each kind of entry. */
const ACCOUNT = {
  stake: "house",
  payout: "house",
  refund: "house",
  fee: "fees",
  deposit: "cashier",
  withdrawal: "cashier",
} as const;

/** Checks the entries, one after the other, and the balances that events tell between them. */
export function checkLedger(proof: Proof): void {
  checkWallets(proof);
  const events = new Map(proof.events.map((event) => [event.event_id, event]));
  if (events.size !== proof.events.length) wrong("/events", "ids that are given once", "an id given twice");
  const seen = new Set<string>();
  proof.entries.forEach((entry, place) => {
    const at = `/entries/${place}`;
    checkEntry(at, entry);
    if (seen.has(entry.entry_id)) wrong(`${at}/entry_id`, "an id that is given once", entry.entry_id);
    seen.add(entry.entry_id);
    if (entry.event_id === null || !events.has(entry.event_id)) {
      wrong(at, "an entry that an event of the session caused", "another cause");
    }
  });
  checkOrder(proof);
}

/** The entries of each event, by the event's id. */
export function entriesByEvent(proof: Proof): Map<string, Entry[]> {
  const byEvent = new Map<string, Entry[]>();
  for (const entry of proof.entries) {
    if (entry.event_id === null) continue;
    const entries = byEvent.get(entry.event_id);
    if (entries) entries.push(entry);
    else byEvent.set(entry.event_id, [entry]);
  }
  return byEvent;
}

/** Checks that every wallet that was played from is there once, with rates that are no gift. */
function checkWallets(proof: Proof): void {
  const played = [proof.opened.wallet_id, ...walletsInUse(proof)].filter((id) => id !== null);
  const expected = [...new Set(played)];
  const listed = proof.wallets.map((wallet) => wallet.wallet_id);
  if (expected.join() !== listed.join()) {
    wrong(
      "/wallets",
      `the wallets in the order of their attaching: ${expected.join(", ")}`,
      listed.join(", "),
    );
  }
  proof.wallets.forEach((wallet, place) => {
    if (wallet.perSpin < 0n || wallet.perQuery < 0n) {
      wrong(`/wallets/${place}/cost_rate`, "rates of zero or more", "a rate below zero");
    }
  });
}

/** Which wallet each event was played from, by the place of the event. */
function walletsInUse(proof: Proof): (string | null)[] {
  let current = proof.opened.wallet_id;
  return proof.events.map(({ action, result }) => {
    const attached = isObject(action) && member(action, "type") === "attach_wallet" && isObject(result);
    const wallet = attached ? member(result, "wallet_id") : undefined;
    if (typeof wallet === "string") current = wallet;
    return current;
  });
}

/** Checks what an entry says of itself. */
function checkEntry(at: string, entry: Entry): void {
  equal(`${at}/balance_after`, amount(entry.before + entry.amount), amount(entry.after));
  if (entry.before < 0n || entry.after < 0n) wrong(at, "balances of zero or more", "a balance below zero");
  if (entry.seq < 1) wrong(`${at}/seq`, "a number from 1", `${entry.seq}`);
  equal(`${at}/account`, ACCOUNT[entry.kind], entry.account);
  if (mintedAt(entry.entry_id) !== entry.at || shardOf(entry.entry_id) !== shardOf(entry.wallet_id)) {
    wrong(`${at}/entry_id`, "an id of the entry's instant and its wallet's shard", entry.entry_id);
  }
}

/** What was seen last of a wallet: an entry, and the balances that events told after it. */
interface Seen {
  entry: Entry;
  told: { balance: bigint; seq: number }[];
}

/** Checks that entries follow one another as events do, and that balances agree where nothing else moved them. */
function checkOrder(proof: Proof): void {
  const byEvent = entriesByEvent(proof);
  const wallets = walletsInUse(proof);
  const last = new Map<string, Seen>();
  let listed = 0;
  proof.events.forEach((event, place) => {
    const entries = byEvent.get(event.event_id) ?? [];
    entries.forEach((entry, at) => {
      if (proof.entries[listed++] !== entry) {
        wrongAt(place + 1, "/entries", "entries in the order of the events", "another order");
      }
      checkSuccessor(place + 1, last.get(entry.wallet_id), entry, at > 0);
      last.set(entry.wallet_id, { entry, told: [] });
    });
    const balance = balanceOf(event);
    const seen = last.get(wallets[place] ?? "");
    if (entries.length === 0 && balance !== null) seen?.told.push({ balance, seq: place + 1 });
  });
}

/** The balance that an event tells; null where it tells none. */
export function balanceOf(event: RecordedEvent): bigint | null {
  const balance = isObject(event.result) ? member(event.result, "balance") : undefined;
  return typeof balance === "string" ? units(balance) : null;
}

/** Checks an entry against the one that the proof has before it in the same ledger. */
function checkSuccessor(seq: number, before: Seen | undefined, entry: Entry, sameEvent: boolean): void {
  if (!before) return;
  const { entry: previous, told } = before;
  if (entry.seq <= previous.seq || entry.at < previous.at) {
    wrongAt(seq, "/entries", `an entry after number ${previous.seq} of its ledger`, `number ${entry.seq}`);
  }
  const next = entry.seq === previous.seq + 1;
  if (sameEvent && !next) {
    wrongAt(seq, "/entries", `number ${previous.seq + 1} of the ledger`, `number ${entry.seq}`);
  }
  if (!next) return;
  if (entry.before !== previous.after) {
    wrongAt(seq, "/entries", `a balance before of ${amount(previous.after)}`, amount(entry.before));
  }
  for (const { balance, seq } of told) {
    if (balance !== previous.after) wrongAt(seq, "/result/balance", amount(previous.after), amount(balance));
  }
}

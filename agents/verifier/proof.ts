// The proof as a document (docs/fairness.md, section 6): read in its one form, or refused.

import { canonical, type Json } from "./canonical.ts";
import { Stop, wrong } from "./fault.ts";
import {
  hex,
  id,
  instant,
  list,
  type Members,
  money,
  object,
  record,
  step,
  text,
  whole,
  word,
} from "./shape.ts";

/** The version of the document that this program reads. */
const VERSION = 1;

export const REWARDS = ["net", "net_per_stake", "log_bankroll", "spins"] as const;
const ACCOUNTS = ["house", "fees", "cashier"] as const;
const KINDS = ["stake", "payout", "refund", "fee", "deposit", "withdrawal"] as const;
const STATES = [
  "idle",
  "initialized",
  "bet_placed",
  "playing",
  "free_games",
  "suspended",
  "completed",
  "expired",
] as const;

/** Where a session stands. */
export type State = (typeof STATES)[number];
/** What a session's events are worth to whoever learns from them. */
export type Reward = (typeof REWARDS)[number];
/** What a ledger entry is for. */
export type EntryKind = (typeof KINDS)[number];

/** A recorded event. */
export interface RecordedEvent {
  event_id: string;
  seq: number;
  action: Json;
  result: Json;
  /** In milliseconds since 1970. */
  at: number;
  hash: string;
  /** What its hash covers: all members but the hash. */
  body: Members;
}

/** A ledger entry; amounts in units of 0.0001 credits. */
export interface Entry {
  entry_id: string;
  wallet_id: string;
  seq: number;
  account: (typeof ACCOUNTS)[number];
  kind: EntryKind;
  amount: bigint;
  before: bigint;
  after: bigint;
  /** The event that caused it; null where a wallet's operation did. */
  event_id: string | null;
  at: number;
}

/** The inputs of the draws until the next rotation or the end. */
export interface Seed {
  commitment: string;
  server_seed: string;
  client_seed: string;
}

/** A wallet with what play costs, in units of 0.0001 credits. */
export interface ProvenWallet {
  wallet_id: string;
  perSpin: bigint;
  perQuery: bigint;
}

/** A proof that was read. */
export interface Proof {
  session_id: string;
  game: { rng_signature: Json; symbol_map: Json; fingerprint: string };
  opened: { wallet_id: string | null; at: number; reward: Reward; training: boolean };
  genesis: string;
  seeds: Seed[];
  wallets: ProvenWallet[];
  events: RecordedEvent[];
  entries: Entry[];
  head: { statement: Members; state: State; public_key: string; signature: string };
  seal: string;
  /** All members but the seal. */
  body: Members;
}

/** Reads a downloaded proof; stops at what is no proof, or not in canonical form. */
export function read(file: string): Proof {
  const content = file.endsWith("\n") ? file.slice(0, -1) : file;
  const document = parse(content);
  const version = record(document, "", ["version"], Object.keys(object(document, ""))).version;
  if (typeof version === "number" && version > VERSION) {
    const [expected, found] = [`version ${VERSION}, which this program reads`, `version ${version}`];
    throw new Stop({ kind: "unsupported", seq: null, pointer: "/version", expected, found });
  }
  const proof = readProof(document);
  if (form(document) !== content) {
    wrong("", "canonical JSON (RFC 8785), to the byte", "a file that was changed or written anew");
  }
  return proof;
}

function parse(content: string): Json {
  try {
    return JSON.parse(content) as Json;
  } catch (error) {
    const found = error instanceof Error ? error.message : "something else";
    throw new Stop({
      kind: "unreadable",
      seq: null,
      pointer: "",
      expected: "a session proof in JSON",
      found,
    });
  }
}

function form(document: Json): string | undefined {
  try {
    return canonical(document);
  } catch {
    return undefined;
  }
}

const MEMBERS = [
  "version",
  "session_id",
  "game",
  "opened",
  "genesis",
  "seeds",
  "wallets",
  "events",
  "entries",
  "head",
  "seal",
];

function readProof(document: Json): Proof {
  const of = record(document, "", MEMBERS);
  whole(of.version, "/version", VERSION, VERSION);
  const game = record(of.game, "/game", ["game_id", "rng_signature", "symbol_map", "fingerprint"]);
  id(game.game_id, "/game/game_id");
  const { seal, ...body } = of;
  return {
    session_id: id(of.session_id, "/session_id"),
    game: {
      rng_signature: game.rng_signature ?? null,
      symbol_map: game.symbol_map ?? null,
      fingerprint: hex(game.fingerprint, "/game/fingerprint"),
    },
    opened: readOpening(of.opened),
    genesis: hex(of.genesis, "/genesis"),
    seeds: items(of.seeds, "/seeds", readSeed),
    wallets: items(of.wallets, "/wallets", readWallet),
    events: items(of.events, "/events", readEvent),
    entries: items(of.entries, "/entries", readEntry),
    head: readHead(of.head),
    seal: hex(seal, "/seal", 64),
    body,
  };
}

function items<T>(value: Json | undefined, at: string, read: (item: Json, at: string) => T): T[] {
  return list(value, at).map((item, place) => read(item, step(at, place)));
}

function readOpening(value: Json | undefined): Proof["opened"] {
  const at = "/opened";
  const of = record(value, at, ["wallet_id", "created_at"], ["reward", "training"]);
  if (of.reward === "net") wrong(`${at}/reward`, "no such member where it is net", '"net"');
  if (of.training === false) wrong(`${at}/training`, "no such member where the draws are fair", "false");
  if (of.training !== undefined && of.training !== true) wrong(`${at}/training`, "true", "something else");
  return {
    wallet_id: of.wallet_id === null ? null : id(of.wallet_id, `${at}/wallet_id`),
    at: instant(of.created_at, `${at}/created_at`),
    reward: of.reward === undefined ? "net" : word(of.reward, `${at}/reward`, REWARDS),
    training: of.training === true,
  };
}

function readSeed(value: Json, at: string): Seed {
  const of = record(value, at, ["commitment", "server_seed", "client_seed"]);
  return {
    commitment: hex(of.commitment, `${at}/commitment`),
    server_seed: hex(of.server_seed, `${at}/server_seed`),
    client_seed: text(of.client_seed, `${at}/client_seed`),
  };
}

function readWallet(value: Json, at: string): ProvenWallet {
  const of = record(value, at, ["wallet_id", "cost_rate"]);
  const rate = record(of.cost_rate, `${at}/cost_rate`, ["per_spin", "per_query"]);
  return {
    wallet_id: id(of.wallet_id, `${at}/wallet_id`),
    perSpin: money(rate.per_spin, `${at}/cost_rate/per_spin`),
    perQuery: money(rate.per_query, `${at}/cost_rate/per_query`),
  };
}

const EVENT = ["event_id", "session_id", "seq", "action", "result", "reward", "timestamp", "hash"];

function readEvent(value: Json, at: string): RecordedEvent {
  const of = record(value, at, EVENT);
  id(of.session_id, `${at}/session_id`);
  if (typeof of.reward !== "number") wrong(`${at}/reward`, "a number", "something else");
  const { hash, ...body } = of;
  return {
    event_id: id(of.event_id, `${at}/event_id`),
    seq: whole(of.seq, `${at}/seq`, Number.MIN_SAFE_INTEGER),
    action: of.action ?? null,
    result: of.result ?? null,
    at: instant(of.timestamp, `${at}/timestamp`),
    hash: hex(hash, `${at}/hash`),
    body,
  };
}

const ENTRY = [
  "entry_id",
  "wallet_id",
  "seq",
  "account",
  "kind",
  "amount",
  "balance_before",
  "balance_after",
  "timestamp",
];

function readEntry(value: Json, at: string): Entry {
  const cause = "operation_id" in object(value, at) ? "operation_id" : "event_id";
  const of = record(value, at, [...ENTRY, cause]);
  const caused = id(of[cause], `${at}/${cause}`);
  return {
    entry_id: id(of.entry_id, `${at}/entry_id`),
    wallet_id: id(of.wallet_id, `${at}/wallet_id`),
    seq: whole(of.seq, `${at}/seq`, Number.MIN_SAFE_INTEGER),
    account: word(of.account, `${at}/account`, ACCOUNTS),
    kind: word(of.kind, `${at}/kind`, KINDS),
    amount: money(of.amount, `${at}/amount`),
    before: money(of.balance_before, `${at}/balance_before`),
    after: money(of.balance_after, `${at}/balance_after`),
    event_id: cause === "event_id" ? caused : null,
    at: instant(of.timestamp, `${at}/timestamp`),
  };
}

const STATEMENT = ["kind", "version", "session_id", "last_seq", "chain_head", "state", "timestamp"];

function readHead(value: Json | undefined): Proof["head"] {
  const of = record(value, "/head", ["statement", "public_key", "signature"]);
  const at = "/head/statement";
  const statement = record(of.statement, at, STATEMENT);
  return {
    statement,
    state: word(statement.state, `${at}/state`, STATES),
    public_key: hex(of.public_key, "/head/public_key"),
    signature: hex(of.signature, "/head/signature", 64),
  };
}

// Observations as floats and actions as indices, by the definition that `GET /rl/spaces` gives as data.

import { type Action, type Spaces, units } from "@reelhouse/client";

/** An entry of the observation space with the formula that makes it of an observation document. */
export interface Entry {
  name: string;
  low: number;
  high: number;
  formula: Formula;
}

/** How an entry comes from a document: docs/rl.md has the definition. */
export type Formula =
  | { kind: "ratio"; of: string; to: string; absent: number }
  | { kind: "saturate"; of: string; to?: string; half: number }
  | { kind: "ladder"; of: string; absent: number }
  | { kind: "state"; is: string };

/** An observation document: amounts as strings, counters as numbers, null for what there is not. */
export type Document = Readonly<Record<string, unknown>>;

/** The version of the definition that this encoder reads. */
const VERSION = 1;
/** The fields of a document that are amounts; the others are counters. */
const AMOUNTS = new Set([
  "balance",
  "balance_start",
  "spend_left",
  "stake",
  "last_payout",
  "fee",
  "max_bet",
  "net",
]);

/** Makes floats of observation documents, masks of what may be done, and bodies of actions. */
export class Encoder {
  readonly #entries: readonly Entry[];
  readonly #actions: readonly (Action | null)[];
  readonly #ladder: readonly bigint[];

  /** @throws Error when the spaces are of another version. */
  constructor(spaces: Spaces) {
    if (spaces.encoder_version !== VERSION) {
      throw new Error(
        `the server's encoder is of version ${spaces.encoder_version}, this one of version ${VERSION}`,
      );
    }
    // The API's description leaves both open: docs/rl.md says what is in them.
    this.#entries = spaces.observation_space.entries as unknown as Entry[];
    this.#actions = spaces.action_space.actions.map(({ body }) => body as Action | null);
    this.#ladder = spaces.ladder.map(units);
  }

  /** How long observations are, and how many actions there are. */
  get shape(): { observation: number; actions: number } {
    return { observation: this.#entries.length, actions: this.#actions.length };
  }

  /** The floats of a document: each finite and within the bounds of its entry. */
  encode(document: Document): Float32Array {
    return Float32Array.from(this.#entries, (entry) => {
      const exact = this.#value(entry, document);
      return Math.min(entry.high, Math.max(entry.low, exact));
    });
  }

  /** For each action 1 when it would be taken in a session that is as observed, else 0. */
  mask(document: Document): Uint8Array {
    const { state } = document;
    const between = state === "initialized" || state === "playing";
    const open = state === "bet_placed" || state === "free_games";
    return Uint8Array.from(this.#actions, (action) => {
      if (action?.type === "cash_out") return Number(between);
      if (action?.type !== "spin") return 0;
      return Number(action.amount == null ? open : between && affordable(units(action.amount), document));
    });
  }

  /** The body of an action; null for an index that only recorded actions have. */
  action(index: number): Action | null {
    return this.#actions[index] ?? null;
  }

  #value({ formula, low, high }: Entry, document: Document): number {
    switch (formula.kind) {
      case "ratio": {
        const of = this.#number(document, formula.of);
        return of === null ? formula.absent : ratio(of, this.#number(document, formula.to), low, high);
      }
      case "saturate": {
        const of = Math.max(0, this.#number(document, formula.of) ?? 0);
        const { to, half } = formula;
        const x = to == null ? of : ratio(of, this.#number(document, to), 0, Number.MAX_VALUE);
        return x / (x + half);
      }
      case "ladder": {
        const of = this.#number(document, formula.of);
        if (of === null) return formula.absent;
        return this.#ladder.filter((stake) => Number(stake) <= of).length / this.#ladder.length;
      }
      case "state":
        return Number(document.state === formula.is);
    }
  }

  /** A field as a double, amounts in units of 0.0001 credits; null where the document has none. */
  #number(document: Document, field: string): number | null {
    if (field === "smallest_stake") return Number(this.#ladder[0] ?? 0n);
    const value = document[field];
    if (value === null || value === undefined) return null;
    return AMOUNTS.has(field) ? Number(units(String(value))) : Number(value);
  }
}

function ratio(of: number, to: number | null, low: number, high: number): number {
  if (to !== null && to !== 0) return of / to;
  return of > 0 ? high : of < 0 ? low : 0;
}

/** Whether a stake and its fee are within the largest bet, the balance and what the limit leaves. */
function affordable(stake: bigint, document: Document): boolean {
  const amount = (field: string) => (typeof document[field] === "string" ? units(document[field]) : null);
  const cost = stake + (amount("fee") ?? 0n);
  const within = (limit: bigint | null, value: bigint) => limit === null || value <= limit;
  const balance = amount("balance");
  return (
    balance !== null &&
    cost <= balance &&
    within(amount("max_bet"), stake) &&
    within(amount("spend_left"), cost)
  );
}

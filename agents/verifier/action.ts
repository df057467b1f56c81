// The actions of a session: how they are recorded, and which states allow them.

import type { Json } from "./canonical.ts";
import { Stop, show, wrong } from "./fault.ts";
import type { State } from "./proof.ts";
import { id, type Members, money, object, record, text, whole } from "./shape.ts";

const MOST_SPINS = 10_000;
const MOST_SEED_BYTES = 256;

/** An action; amounts in units of 0.0001 credits. */
export type Action =
  | { type: "attach_wallet"; wallet_id: string }
  | { type: "bet"; amount: bigint }
  | { type: "spin"; amount: bigint | null }
  | { type: "probe"; spins: number }
  | { type: "rotate_seed"; client_seed: string | null }
  | { type: "close" | "void" | "cash_out" | "suspend" | "resume" | "expire" };

const AT = "/action";

/** The members that an action has beside its type and version, as `must` and `may`. */
const MEMBERS: { [type: string]: [must: string[], may: string[]] } = {
  attach_wallet: [["wallet_id"], []],
  bet: [["amount"], []],
  spin: [[], ["amount"]],
  probe: [["spins"], []],
  rotate_seed: [[], ["client_seed"]],
  close: [[], []],
  void: [[], []],
  cash_out: [[], []],
  suspend: [[], []],
  resume: [[], []],
  expire: [[], []],
};

/** Reads the action that an event recorded. */
export function readAction(value: Json): Action {
  const type = object(value, AT).type;
  const members = typeof type === "string" && Object.hasOwn(MEMBERS, type) ? MEMBERS[type] : undefined;
  if (!members) return wrong(AT, "an action of a known type", show(value));
  const of = record(value, AT, ["type", "version", ...members[0]], members[1]);
  whole(of.version, `${AT}/version`, 1, 1);
  return actionOf(type as Action["type"], of);
}

function actionOf(type: Action["type"], of: Members): Action {
  switch (type) {
    case "attach_wallet":
      return { type, wallet_id: id(of.wallet_id, `${AT}/wallet_id`) };
    case "bet":
      return { type, amount: money(of.amount, `${AT}/amount`) };
    case "spin":
      return { type, amount: of.amount === undefined ? null : money(of.amount, `${AT}/amount`) };
    case "probe":
      return { type, spins: whole(of.spins, `${AT}/spins`, 1, MOST_SPINS) };
    case "rotate_seed":
      return { type, client_seed: of.client_seed === undefined ? null : readSeed(of.client_seed) };
    default:
      return { type };
  }
}

function readSeed(value: Json): string {
  const seed = text(value, `${AT}/client_seed`);
  const fits = new TextEncoder().encode(seed).length <= MOST_SEED_BYTES && !seed.includes("\0");
  return fits
    ? seed
    : wrong(`${AT}/client_seed`, `at most ${MOST_SEED_BYTES} bytes without NUL`, show(value));
}

const BETWEEN_ROUNDS: readonly State[] = ["initialized", "playing"];

/** The states that allow an action; `roundOpen` matters while the session is suspended. */
function allowedIn(action: Action, roundOpen: boolean): readonly State[] {
  switch (action.type) {
    case "attach_wallet":
      return ["idle", "playing"];
    case "close":
      return ["idle"];
    case "spin":
      return action.amount === null ? ["bet_placed", "free_games"] : BETWEEN_ROUNDS;
    case "void":
      return ["bet_placed"];
    case "cash_out":
      return roundOpen ? BETWEEN_ROUNDS : [...BETWEEN_ROUNDS, "suspended"];
    case "suspend":
      return ["initialized", "bet_placed", "playing", "free_games"];
    case "resume":
      return ["suspended"];
    // Free games that are open when a session expires are played out before, as events of their own.
    case "expire":
      return ["idle", "initialized", "bet_placed", "playing"];
    default:
      return BETWEEN_ROUNDS;
  }
}

/** Stops at an action that the state does not allow. */
export function checkAllowed(action: Action, state: State, roundOpen: boolean): void {
  if (allowedIn(action, roundOpen).includes(state)) return;
  const form =
    action.type === "spin" ? (action.amount === null ? " without an amount" : " with an amount") : "";
  const [expected, found] = [`an action that the state ${state} allows`, `${action.type}${form}`];
  throw new Stop({ kind: "wrong", seq: null, pointer: AT, expected, found });
}

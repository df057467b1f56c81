// Behaviours: what they choose in views made for the purpose.

import {
  type Action,
  amount,
  type Event,
  type Game,
  type Session,
  type SessionState,
  type Wallet,
} from "@reelhouse/client";
import { describe, expect, test } from "vitest";
import { BEHAVIOURS, type BehaviourName, behaviour } from "./behaviours.ts";
import { openStakes, purseOf, unitBet, type View } from "./view.ts";

interface Scene {
  balance?: number;
  /** The balance that the session began with. */
  start?: number;
  spendLeft?: number;
  maxBet?: string;
  fee?: string;
  dryRun?: number;
  state?: SessionState;
  lastSeq?: number;
  events?: Event[];
}

const ALLOWED: Partial<Record<SessionState, string[]>> = {
  initialized: ["bet", "spin", "probe", "rotate_seed", "cash_out"],
  bet_placed: ["spin", "void"],
  playing: ["bet", "spin", "probe", "attach_wallet", "rotate_seed", "cash_out"],
  free_games: ["spin"],
  suspended: ["cash_out"],
};

/** A view of a game with a unit bet of 0.05. */
function view(scene: Scene = {}): View {
  const { balance = 100, start = 100, state = "playing", lastSeq = 7 } = scene;
  const credits = (value: number) => amount(BigInt(Math.round(value * 10_000)));
  const session = {
    state,
    last_seq: lastSeq,
    allowed_actions: ALLOWED[state] ?? [],
    player_profile: scene.maxBet === undefined ? {} : { max_bet: scene.maxBet },
    metrics: { net: credits(balance - start), dry_run: scene.dryRun ?? 0 },
  } as Session;
  const wallet = {
    balance: credits(balance),
    daily_limit: scene.spendLeft === undefined ? null : credits(scene.spendLeft + 20),
    spent_today: "20.0000",
    cost_rate: { per_spin: scene.fee ?? "0.0000", per_query: "0.0000" },
  } as Wallet;
  const evaluation = { type: "lines", lines: [[1], [2], [3], [1], [2]] };
  const game = { symbol_map: { credit: "0.0100", evaluation } as Record<string, unknown> } as Game;
  return { session, purse: purseOf(wallet), game, events: scene.events ?? [] };
}

function spin(stake: string, payout: string, mode = "base"): Event {
  return { action: { type: "spin" }, result: { stake, payout, mode } } as unknown as Event;
}

const choice = (name: BehaviourName, scene: Scene, seed = "s") =>
  behaviour(name, seed).choose(view(scene)) as Action | null;
const play = (stake: string) => ({ type: "spin", amount: stake });
const LEAVE = { type: "cash_out" };

describe("the open stakes", () => {
  test("rise by the ladder up to what every limit leaves", () => {
    const rungs = (scene: Scene) => openStakes(view(scene)).map(amount);
    expect(rungs({ balance: 1 })).toEqual(["0.0500", "0.1000", "0.2500", "0.5000", "1.0000"]);
    expect(rungs({ balance: 1, fee: "0.0001" })).toEqual(["0.0500", "0.1000", "0.2500", "0.5000"]);
    expect(rungs({ spendLeft: 0.3 })).toEqual(["0.0500", "0.1000", "0.2500"]);
    expect(rungs({ spendLeft: 0.3, fee: "0.06" })).toEqual(["0.0500", "0.1000"]);
    expect(rungs({ maxBet: "0.12" })).toEqual(["0.0500", "0.1000"]);
    expect(rungs({ balance: 0.04 })).toEqual([]);
  });

  test("go by the bets of a game without lines", () => {
    const symbol_map = { credit: "0.0100", evaluation: { type: "ways", bets: 25 } } as Record<
      string,
      unknown
    >;
    expect(unitBet({ symbol_map } as Game)).toBe(2_500n);
  });
});

describe.each(BEHAVIOURS)("%s", (name) => {
  test("chooses the same for the same view and seed", () => {
    for (let lastSeq = 0; lastSeq < 50; lastSeq += 1) {
      expect(choice(name, { lastSeq })).toEqual(choice(name, { lastSeq }));
    }
  });

  test("never stakes what is not open, and leaves when nothing is", () => {
    for (let lastSeq = 0; lastSeq < 200; lastSeq += 1) {
      const scene = { lastSeq, balance: 0.3, start: 0.3, spendLeft: 0.2, maxBet: "0.15", fee: "0.01" };
      const chosen = choice(name, scene);
      if (chosen && "amount" in chosen) expect(["0.0500", "0.1000"]).toContain(chosen.amount);
      expect(choice(name, { ...scene, balance: 0.05 })).toEqual(LEAVE);
      expect(choice(name, { ...scene, spendLeft: 0.05 })).toEqual(LEAVE);
    }
  });

  test("plays free games out, and does what a state allows", () => {
    expect(choice(name, { state: "free_games", balance: 0 })).toEqual({ type: "spin" });
    expect(choice(name, { state: "suspended" })).toEqual(LEAVE);
    expect(choice(name, { state: "idle" })).toEqual({ type: "close" });
    expect(choice(name, { state: "completed" })).toBeNull();
  });
});

describe("conservative", () => {
  test("stakes the least, and leaves at half or one and a half of its start", () => {
    expect(choice("conservative", {})).toEqual(play("0.0500"));
    expect(choice("conservative", { balance: 50.01 })).toEqual(play("0.0500"));
    expect(choice("conservative", { balance: 50 })).toEqual(LEAVE);
    expect(choice("conservative", { balance: 149.99 })).toEqual(play("0.0500"));
    expect(choice("conservative", { balance: 150 })).toEqual(LEAVE);
  });
});

describe("aggressive", () => {
  test("stakes a twentieth, and more after each dry round", () => {
    const at = (dryRun: number) => choice("aggressive", { balance: 20, start: 20, dryRun });
    expect(at(0)).toEqual(play("1.0000"));
    expect(at(2)).toEqual(play("2.5000"));
    expect(at(90)).toEqual(play("5.0000"));
    expect(choice("aggressive", { balance: 0.3 })).toEqual(play("0.0500"));
  });

  test("leaves with five times its start", () => {
    expect(choice("aggressive", { balance: 500, maxBet: "10" })).toEqual(LEAVE);
    expect(choice("aggressive", { balance: 499, maxBet: "10" })).toEqual(play("5.0000"));
  });
});

describe("adaptive", () => {
  const events = (payout: string) => [spin("1.0000", payout), spin("1.0000", payout, "free")];

  test("follows what the latest rounds paid", () => {
    expect(choice("adaptive", {})).toEqual(play("1.0000"));
    expect(choice("adaptive", { events: events("0.4000") })).toEqual(play("1.0000"));
    expect(choice("adaptive", { events: events("0.6000"), balance: 125 })).toEqual(play("5.0000"));
    expect(choice("adaptive", { events: events("0.1000") })).toEqual(play("1.0000"));
    expect(choice("adaptive", { events: events("0.1000"), balance: 60 })).toEqual(play("0.5000"));
  });

  test("leaves when a cold game has taken two thirds", () => {
    expect(choice("adaptive", { events: events("0.1000"), balance: 33.33 })).toEqual(LEAVE);
    expect(choice("adaptive", { events: events("0.1000"), balance: 33.34 })).not.toEqual(LEAVE);
    expect(choice("adaptive", { events: events("0.5000"), balance: 33.33 })).not.toEqual(LEAVE);
  });
});

describe("random", () => {
  test("takes every stake, and other ways to play, sooner or later", () => {
    const seen = Array.from({ length: 2000 }, (_, lastSeq) =>
      choice("random", { lastSeq, balance: 1, start: 1 }),
    );
    const count = (match: (action: Action) => boolean) =>
      seen.filter((action) => action && match(action)).length;
    for (const stake of ["0.0500", "0.1000", "0.2500", "0.5000", "1.0000"]) {
      // A fifth of 1,980 each; the bounds are more than five standard deviations away.
      const times = count((action) => "amount" in action && action.amount === stake);
      expect(times).toBeGreaterThan(300);
      expect(times).toBeLessThan(500);
    }
    expect(count(({ type }) => type === "bet")).toBeGreaterThan(100);
    expect(count(({ type }) => type === "cash_out")).toBeGreaterThan(0);
  });

  test("gives some held stakes back", () => {
    const seen = Array.from(
      { length: 100 },
      (_, lastSeq) => choice("random", { lastSeq, state: "bet_placed" })?.type,
    );
    expect(new Set(seen)).toEqual(new Set(["spin", "void"]));
  });

  test("follows its seed", () => {
    const run = (seed: string) =>
      Array.from({ length: 20 }, (_, lastSeq) => choice("random", { lastSeq }, seed));
    expect(run("a")).toEqual(run("a"));
    expect(run("a")).not.toEqual(run("b"));
  });
});

// Agents at a real server, with a memory that is whole, cut or poisoned.

import { type Action, amount, type Event, Reelhouse } from "@reelhouse/client";
import { describe, expect, inject, test } from "vitest";
import { all, house, openSession } from "../testing/world.ts";
import { look, play } from "./agent.ts";
import { BEHAVIOURS, type Behaviour, behaviour } from "./behaviours.ts";
import { PlanningCache } from "./cache.ts";

/** A client that counts the answers by status, and keeps what it was asked for. */
function counting(): { of: Reelhouse; statuses: Map<number, number>; requests: string[] } {
  const statuses = new Map<number, number>();
  const requests: string[] = [];
  const send = async (request: Request) => {
    const answer = await fetch(request);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    requests.push(`${request.method} ${new URL(request.url).pathname}`);
    return answer;
  };
  return { of: new Reelhouse({ url: inject("url"), send }), statuses, requests };
}

describe.each(BEHAVIOURS)("a %s agent", (name) => {
  test.each(["fruit-5x3", "pearl-5x3"])("plays %s to the end without a refusal", async (game) => {
    const { of, statuses } = counting();
    const wallet = { balance: "20.00", daily_limit: "30.00", cost_rate: { per_spin: "0.0100" } };
    const session = await openSession(of, { game, wallet, maxBet: "5.00" });
    let steps = 0;
    const ended = await play(of, session.session_id, behaviour(name, "seed 3"), {
      maxSteps: 40,
      onStep: () => (steps += 1),
    });
    expect(ended.state).toBe("completed");
    expect(ended.last_seq).toBe(steps);
    expect(steps).toBeGreaterThan(4);
    expect([...statuses.keys()].filter((status) => status >= 400)).toEqual([]);
  });
});

/** A behaviour that checks, before each choice, that its view is the one that the API alone gives. */
function checked(of: Reelhouse, inner: Behaviour): Behaviour & { chosen: (Action | null)[] } {
  const chosen: (Action | null)[] = [];
  return {
    name: inner.name,
    chosen,
    async choose(view) {
      expect(view).toEqual(await look(of, new PlanningCache(of), view.session.session_id));
      chosen.push(await inner.choose(view));
      return chosen.at(-1) ?? null;
    },
  };
}

describe("the memory is no authority", () => {
  const harms: [string, (cache: PlanningCache) => void][] = [
    ["whole", () => {}],
    [
      "cut",
      (cache) => {
        cache.memory.events.clear();
        cache.memory.games.clear();
      },
    ],
    [
      "with wins that never were",
      (cache) => change(cache, (event) => ({ ...event, result: { ...event.result, payout: "900.0000" } })),
    ],
    [
      "changed in place",
      (cache) =>
        eachSession(cache, (events) => {
          for (const { result } of events) Reflect.set(result, "payout", "900.0000");
          return events;
        }),
    ],
    ["with other hashes", (cache) => change(cache, (event) => ({ ...event, hash: "0".repeat(64) }))],
    ["with its end missing", (cache) => eachSession(cache, (events) => events.slice(0, -1))],
    ["with its start missing", (cache) => eachSession(cache, (events) => events.slice(1))],
    ["out of order", (cache) => eachSession(cache, (events) => [...events].reverse())],
    [
      "of another game",
      (cache) => {
        for (const [id, game] of cache.memory.games) {
          cache.memory.games.set(id, { ...game, symbol_map: { ...game.symbol_map, credit: "5.0000" } });
        }
      },
    ],
  ];

  test.each(harms)("when it is %s, every choice is the one made without it", async (_, harm) => {
    const of = house();
    const session = await openSession(of);
    const cache = new PlanningCache(of);
    const agent = checked(of, behaviour("adaptive", "seed"));
    await play(of, session.session_id, agent, { cache, maxSteps: 12, onStep: () => harm(cache) });
    expect(agent.chosen.length).toBeGreaterThanOrEqual(12);
  });

  test("it is not asked while another program plays in the same session", async () => {
    const of = house();
    const { session_id } = await openSession(of);
    const agent = checked(of, behaviour("conservative", "seed"));
    const probe = async () => void (await of.act(session_id, { type: "probe", spins: 1 }).catch(() => {}));
    const rival: Behaviour = {
      name: "rival",
      async choose(view) {
        const choice = await agent.choose(view);
        // The other program acts while this one thinks, and the memory misses its event.
        if (view.session.allowed_actions.includes("probe")) await probe();
        return choice;
      },
    };
    const ended = await play(of, session_id, rival, { maxSteps: 8 });
    const events = await all(of.events(session_id));
    expect(events.filter(({ action }) => action.type === "probe").length).toBeGreaterThanOrEqual(2);
    expect(events).toHaveLength(ended.last_seq);
  });

  test("an action is one request: its answer is what the next choice sees", async () => {
    const { of, requests } = counting();
    const { session_id, game_id, current_wallet_id } = await openSession(of);
    const before = requests.length;
    let steps = 0;
    await play(of, session_id, behaviour("conservative", "seed"), {
      maxSteps: 10,
      onStep: () => (steps += 1),
    });
    const asked = requests.slice(before);
    expect(steps).toBeGreaterThanOrEqual(10);
    expect(asked.filter((request) => request.startsWith("GET")).sort()).toEqual(
      [`GET /games/${game_id}`, `GET /sessions/${session_id}`, `GET /wallets/${current_wallet_id}`].sort(),
    );
    expect(asked.filter((request) => request.startsWith("POST"))).toHaveLength(steps);
  });
});

test("an agent whose wallet another session empties looks again, and stakes what is left", async () => {
  const { of, requests } = counting();
  const { session_id, current_wallet_id } = await openSession(of, { wallet: { balance: "2.00" } });
  const wallet_id = current_wallet_id as string;
  const bold: Behaviour = {
    name: "bold",
    choose: ({ purse, session }) =>
      session.last_seq >= 3 || !purse || purse.balance < 500n
        ? { type: "cash_out" }
        : { type: "spin", amount: amount(purse.balance - (purse.balance % 500n)) },
  };
  let taken = false;
  const rival: Behaviour = {
    name: "rival",
    async choose(view) {
      const choice = await bold.choose(view);
      if (!taken) await of.operate(wallet_id, { type: "withdraw", amount: "1.50" });
      taken = true;
      return choice;
    },
  };
  const before = requests.length;
  const ended = await play(of, session_id, rival);
  expect(ended.state).toBe("completed");
  const [first] = await all(of.events(session_id));
  expect(first?.action).toMatchObject({ type: "spin", amount: "0.5000" });
  expect(requests.slice(before).filter((request) => request === `GET /wallets/${wallet_id}`)).toHaveLength(2);
});

test("an agent whose wallet is emptied by another leaves in good order", async () => {
  const of = house();
  const { session_id, current_wallet_id } = await openSession(of, { wallet: { balance: "1.00" } });
  const stubborn: Behaviour = { name: "stubborn", choose: () => ({ type: "spin", amount: "50.00" }) };
  const ended = await play(of, session_id, stubborn);
  expect(ended.state).toBe("completed");
  expect((await of.wallet(current_wallet_id as string)).balance).toBe("1.0000");
});

test("an agent that is refused again and again gives up", async () => {
  const of = house();
  const { session_id } = await openSession(of);
  const confused: Behaviour = { name: "confused", choose: () => ({ type: "void" }) };
  await expect(play(of, session_id, confused)).rejects.toMatchObject({ code: "invalid_transition" });
});

test("an agent takes up a session where another left it", async () => {
  const of = house();
  const { session_id } = await openSession(of);
  const seen: number[] = [];
  await play(of, session_id, {
    name: "short",
    choose: ({ session }) => (session.last_seq < 3 ? { type: "spin", amount: "0.05" } : null),
  });
  const second = checked(of, behaviour("random", "seed"));
  await play(of, session_id, second, {
    maxSteps: 5,
    onStep: ({ event }: { event: Event }) => seen.push(event.seq),
  });
  expect(seen[0]).toBeGreaterThanOrEqual(4);
});

/** Changes every event that the cache holds. */
function change(cache: PlanningCache, how: (event: Event) => Event): void {
  eachSession(cache, (events) => events.map(how));
}

function eachSession(cache: PlanningCache, how: (events: Event[]) => Event[]): void {
  for (const [id, events] of cache.memory.events) cache.memory.events.set(id, how(events));
}

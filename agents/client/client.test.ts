// The client against a real server.

import { readFileSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { all, gameId, house, openSession } from "../testing/world.ts";
import { canonical, eventHash, fingerprint, genesis } from "./chain.ts";
import { Reelhouse } from "./client.ts";
import { Refused, Unexpected, Unreachable } from "./errors.ts";

test("plays a session from wallet to cash-out", async () => {
  const of = house();
  const session = await openSession(of);
  const spun = await of.act(session.session_id, { type: "spin", amount: "1.00" });
  expect(spun.event.seq).toBe(1);
  expect(spun.wallet?.balance).toBe(spun.event.result.balance);
  while ((await of.session(session.session_id)).state === "free_games") {
    await of.act(session.session_id, { type: "spin" });
  }
  const left = await of.act(session.session_id, { type: "cash_out" });
  expect(left.session.state).toBe("completed");
  const events = await all(of.events(session.session_id));
  expect(events.at(-1)).toEqual(left.event);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
});

test("a lost answer does not act twice", async () => {
  let lose = true;
  const of = new Reelhouse({
    url: inject("url"),
    retry: { sleep: async () => {} },
    send: async (request) => {
      const answer = await fetch(request);
      if (request.method !== "POST" || !lose) return answer;
      lose = false;
      throw new TypeError("the connection broke before the answer came");
    },
  });
  const session = await openSession(house());
  const { event } = await of.act(session.session_id, { type: "spin", amount: "0.05" });
  expect(lose).toBe(false);
  expect((await all(of.events(session.session_id))).map(({ hash }) => hash)).toEqual([event.hash]);
});

test("the chain of a real session is checked from its genesis, over a rotation", async () => {
  const of = house();
  const opened = await openSession(of);
  const game = await of.game(opened.game_id);
  expect(genesis(opened, game, [])).toBe(opened.chain_head);
  for (const type of ["rotate_seed", "cash_out"] as const) await of.act(opened.session_id, { type });
  const session = await of.session(opened.session_id);
  const events = await all(of.events(opened.session_id));
  let head = genesis(session, game, events);
  expect(head).toBe(opened.chain_head);
  for (const event of events) {
    head = eventHash(head, event);
    expect(head).toBe(event.hash);
  }
  expect(head).toBe(session.chain_head);
});

test("a game has the fingerprint of its documents", async () => {
  const of = house();
  const game = await of.game(await gameId(of));
  expect(fingerprint(game)).toBe(game.fingerprint);
});

test("the published vectors of the chain hold", () => {
  const file = new URL("../../docs/vectors/chain.json", import.meta.url);
  const { genesis, events } = JSON.parse(readFileSync(file, "utf8"));
  let head = genesis.hash;
  for (const { canonical: text, hash } of events) {
    const event = JSON.parse(text);
    expect(canonical(event)).toBe(text);
    head = eventHash(head, { ...event, hash });
    expect(head).toBe(hash);
  }
  expect(events.length).toBeGreaterThan(1);
});

test("a refusal carries its code and what belongs to it", async () => {
  const of = house();
  const session = await openSession(of);
  const refused = of.act(session.session_id, { type: "spin", amount: "0.03" });
  await expect(refused).rejects.toBeInstanceOf(Refused);
  await expect(refused).rejects.toMatchObject({ code: "invalid_stake", status: 422 });
  await expect(of.session("nonsense")).rejects.toMatchObject({ code: "invalid_id" });
});

test("no server is an error that says how to start one", async () => {
  const of = new Reelhouse({ url: "http://127.0.0.1:9" });
  await expect(of.check()).rejects.toBeInstanceOf(Unreachable);
  await expect(of.check()).rejects.toThrow(
    /no Reelhouse server answers at http:\/\/127.0.0.1:9[\s\S]*cargo run --release/,
  );
});

test("another program at the address is told apart", async () => {
  const send = async () => new Response("<html>hello</html>", { status: 200 });
  await expect(new Reelhouse({ url: "http://127.0.0.1:1", send }).check()).rejects.toBeInstanceOf(Unexpected);
});

// A house that lies and signs its lies with its own key: the replay and the ledger find it out.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Document, documentOf, refingerprinted, resigned } from "../testing/forge.ts";
import { digest, fromHex } from "./hash.ts";
import { amount, units } from "./money.ts";
import { verifyProof } from "./verify.ts";

function published(name: string): Document {
  return documentOf(
    readFileSync(join(import.meta.dirname, "../../docs/vectors/proofs", `${name}.json`), "utf8"),
  );
}

/** What is found of a lie: the fault, and nothing of signatures, which are good. */
async function lie(change: (document: Document) => void, game = "fruit-5x3") {
  const document = published(game);
  change(document);
  const report = await verifyProof(resigned(document));
  if (report.ok) throw new Error("the lie was not found");
  for (const { pointer } of report.faults) expect(pointer).not.toMatch(/signature|seal|hash|chain_head/);
  return report.fault;
}

/** The place of the first event of a type. */
function place({ events }: Document, type: string): number {
  return events.findIndex((event: Document) => event.action.type === type);
}

/** Another entry of the same instant, that none of the events caused. */
function foreign(entry: Document): Document {
  const entry_id = entry.entry_id.replace(/.$/, (digit: string) => (digit === "0" ? "1" : "0"));
  return { ...entry, entry_id, event_id: "00000000-0000-0000-0000-000000000000" };
}

/** The first spin. */
function spin(document: Document): Document {
  return document.events[place(document, "spin")];
}

test("a record that is signed anew as it was still holds", async () => {
  expect(await verifyProof(resigned(published("fruit-5x3")))).toMatchObject({ ok: true });
});

describe("of draws", () => {
  test("another stop", async () => {
    const fault = await lie((document) => (spin(document).result.stops[2] += 1));
    expect(fault).toMatchObject({ seq: 7, pointer: "/result/stops/2" });
  });

  test("another nonce, other words", async () => {
    expect(await lie((document) => (spin(document).result.nonce = 7))).toMatchObject({
      pointer: "/result/nonce",
    });
    expect(await lie((document) => (spin(document).result.words = [5, 10]))).toMatchObject({
      pointer: "/result/words/0",
    });
  });

  test("a spin that is left out, all else numbered anew", async () => {
    const fault = await lie((document) => {
      // The bet and the spin of the first round.
      const gone = document.events.splice(5, 2).map((event: Document) => event.event_id);
      document.entries = document.entries.filter((entry: Document) => !gone.includes(entry.event_id));
      document.events.forEach((event: Document, at: number) => {
        event.seq = at + 1;
      });
    });
    expect(fault).toMatchObject({ seq: 7, pointer: "/result/nonce" });
  });

  test("another seed, with its commitment or without", async () => {
    const seed = "11".repeat(32);
    const fault = await lie(({ seeds }) =>
      Object.assign(seeds[0], { server_seed: seed, commitment: digest(fromHex(seed)) }),
    );
    expect(fault).toMatchObject({ seq: 1 });
    expect(await lie(({ seeds }) => (seeds[1].server_seed = seed))).toMatchObject({
      pointer: "/seeds/1/commitment",
    });
    expect(await lie(({ seeds }) => seeds.push(seeds[1]))).toMatchObject({ pointer: "/seeds" });
  });

  test("a draw, a window, a ladder, a held cell, a cluster of other games", async () => {
    const change = (of: (result: Document) => void) => (document: Document) => {
      const event = document.events.find((event: Document) => event.result.steps?.length > 1);
      of(event.result);
    };
    const cases: [string, (result: Document) => void, RegExp][] = [
      ["stair-falls", ({ draws }) => draws.push(0), /^\/result\/draws\/5$/],
      ["stair-falls", ({ steps }) => (steps[1].multiplier += 1), /^\/result\/steps\/1\/multiplier$/],
      ["geode-cluster", ({ wins }) => wins[0].cells.pop(), /^\/result\/wins\/0\/cells/],
      ["tide-rows", ({ wins }) => (wins[0].weight += 1), /^\/result\/wins\/0\/weight$/],
      ["comet-respin", ({ steps }) => steps[1].held.pop(), /^\/result\/steps\/1\/held/],
      ["comet-respin", ({ steps }) => delete steps[0].expanded, /^\/result\/steps\/0\/expanded$/],
    ];
    for (const [game, of, pointer] of cases) {
      const fault = await lie(change(of), game);
      expect(fault.pointer, game).toMatch(pointer);
    }
  });

  test("a training session that passes for a fair one", async () => {
    // Its first hash says so: without the word the chain has another start.
    const document = published("fruit-5x3");
    document.opened.training = true;
    const fair = structuredClone(document);
    resigned(document);
    expect(document.genesis).not.toBe(published("fruit-5x3").genesis);
    expect(await verifyProof(resigned(fair))).toMatchObject({ ok: true, training: true });
  });
});

describe("of money", () => {
  test("a payout that is withheld, with ledger and balances to match", async () => {
    let seq = 0;
    const fault = await lie((document) => {
      const at = document.events.findIndex(
        (event: Document) => (units(event.result.payout ?? "") ?? 0n) > 0n,
      );
      const { event_id, result } = document.events[at];
      seq = at + 1;
      const payout = units(result.payout) ?? 0n;
      Object.assign(result, { payout: "0.0000", wins: [] });
      document.entries = document.entries.filter(
        (entry: Document) => entry.event_id !== event_id || entry.kind !== "payout",
      );
      for (const event of document.events.slice(at)) {
        event.result.balance = amount((units(event.result.balance) ?? 0n) - payout);
      }
    });
    expect(fault).toMatchObject({ seq, pointer: "/result/wins/0", found: "nothing" });
  });

  test("a move that the ledger lacks", async () => {
    const fault = await lie((document) => document.entries.pop());
    expect(fault).toMatchObject({ pointer: "/entries", found: "no such entry" });
    expect(fault.expected).toMatch(/^refund/);
  });

  test("fees that are not the rate", async () => {
    const fault = await lie(({ wallets }) => (wallets[0].cost_rate.per_spin = "0.0200"));
    expect(fault).toMatchObject({ pointer: "/result/fee", expected: '"0.0200"' });
    expect(await lie(({ wallets }) => (wallets[1].cost_rate.per_query = "-1.0000"))).toMatchObject({
      pointer: "/wallets/1/cost_rate",
    });
  });

  test("a stake beyond the balance, or no multiple of the unit bet", async () => {
    const stake = (text: string) => (document: Document) => {
      document.events[place(document, "bet")].action.amount = text;
    };
    expect(await lie(stake("0.0001"))).toMatchObject({ seq: 2, pointer: "/action/amount" });
    expect(await lie(stake("5000.0000"))).toMatchObject({ seq: 2, pointer: "/action/amount" });
    expect(await lie(stake("-1.0000"))).toMatchObject({ seq: 2, pointer: "/action/amount" });
  });

  test("a balance that nothing moved", async () => {
    const fault = await lie((document) => {
      document.events[place(document, "suspend")].result.balance = "1.0000";
    });
    expect(fault).toMatchObject({ pointer: "/result/balance", found: "1.0000" });
  });

  test("a ledger that does not fit", async () => {
    const at = (change: (entries: Document) => void) => lie(({ entries }) => change(entries));
    expect(await at((entries) => (entries[0].balance_after = "3.0000"))).toMatchObject({
      pointer: "/entries/0/balance_after",
    });
    expect(await at((entries) => (entries[1].account = "cashier"))).toMatchObject({
      pointer: "/entries/1/account",
    });
    expect(await at((entries) => (entries[2].seq = 1))).toMatchObject({ pointer: "/entries" });
    expect(await at((entries) => (entries[2].entry_id = entries[1].entry_id))).toMatchObject({
      pointer: "/entries/2/entry_id",
    });
    expect(await at((entries) => entries.push(foreign(entries[0])))).toMatchObject({
      found: "another cause",
    });
  });
});

describe("of the session", () => {
  test("an action that the state does not allow, or that is none", async () => {
    const action = (of: Document) => (document: Document) => {
      document.events[place(document, "suspend")].action = of;
    };
    const seq = place(published("fruit-5x3"), "suspend") + 1;
    expect(await lie(action({ version: 1, type: "close" }))).toMatchObject({ seq, pointer: "/action" });
    expect(await lie(action({ version: 1, type: "fly" }))).toMatchObject({ seq, pointer: "/action" });
    expect(await lie(action({ version: 2, type: "suspend" }))).toMatchObject({
      seq,
      pointer: "/action/version",
    });
    expect(await lie(action({ version: 1, type: "constructor" }))).toMatchObject({ seq, pointer: "/action" });
  });

  test("an end that is missing, or another one", async () => {
    expect(await lie(({ events }) => events.pop())).toMatchObject({ expected: "an end of the session" });
    expect(await lie(({ head }) => (head.statement.state = "completed"))).toMatchObject({
      pointer: "/head/statement/state",
      expected: "expired",
    });
  });

  test("rewards, instants and ids", async () => {
    expect(await lie(({ events }) => (events[0].reward += 0.5))).toMatchObject({
      seq: 1,
      pointer: "/reward",
    });
    expect(await lie(({ events }) => (events[8].timestamp = events[0].timestamp))).toMatchObject({
      seq: 9,
      pointer: "/timestamp",
    });
    expect(await lie(({ events }) => (events[5].event_id = events[0].event_id))).toMatchObject({ seq: 6 });
    expect(await lie(({ opened }) => (opened.reward = "spins"))).toMatchObject({ pointer: "/reward" });
  });

  test("another definition", async () => {
    const pay = (document: Document) => {
      const [row] = Object.values<Document>(document.game.symbol_map.pays);
      for (const length of Object.keys(row)) row[length] += 1;
    };
    expect(await lie(pay)).toMatchObject({ pointer: "/game/fingerprint" });
    const strips = (document: Document) => {
      document.game.rng_signature.modes.base.strips[0].reverse();
      refingerprinted(document);
    };
    expect(await lie(strips)).toMatchObject({ seq: 1, pointer: expect.stringMatching("^/result/") });
    const loose = (document: Document) => {
      document.game.symbol_map.wild_multipliers = "highest";
      refingerprinted(document);
    };
    expect(await lie(loose)).toMatchObject({ pointer: "/game/symbol_map/wild_multipliers" });
  });
});

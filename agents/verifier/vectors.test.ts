// The published test vectors of docs/vectors.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonical, type Json } from "./canonical.ts";
import { readDefinition } from "./game/definition.ts";
import { Engine } from "./game/engine.ts";
import { digest, fromHex, isSigned } from "./hash.ts";
import { amount, units } from "./money.ts";
import { FairStream } from "./stream.ts";
import { names } from "./told.ts";
import { verifyProof } from "./verify.ts";

const FOLDER = join(import.meta.dirname, "../../docs/vectors");

function text(name: string): Promise<string> {
  return readFile(join(FOLDER, name), "utf8");
}

async function vectors<T>(name: string): Promise<T> {
  return JSON.parse(await text(`${name}.json`));
}

test("canonical JSON and its digest", async () => {
  type File = { cases: { json: string; canonical: string; sha256: string }[] };
  const { cases } = await vectors<File>("canonical-json");
  expect(cases).not.toHaveLength(0);
  for (const vector of cases) {
    expect(canonical(JSON.parse(vector.json) as Json)).toBe(vector.canonical);
    expect(digest(vector.canonical)).toBe(vector.sha256);
  }
});

test("what has no canonical form is refused", () => {
  expect(() => canonical("\ud800")).toThrow(RangeError);
  expect(() => canonical(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  const deep = JSON.parse(`${"[".repeat(1000)}${"]".repeat(1000)}`) as Json;
  expect(() => canonical(deep)).toThrow(RangeError);
});

test("commitments", async () => {
  const { cases } = await vectors<{ cases: { server_seed: string; commitment: string }[] }>("commitments");
  expect(cases).not.toHaveLength(0);
  for (const { server_seed, commitment } of cases) expect(digest(fromHex(server_seed))).toBe(commitment);
});

test("streams", async () => {
  interface Case {
    server_seed: string;
    client_seed: string;
    nonce: number;
    first_word: number;
    bounds: number[];
    numbers: number[];
    words_drawn: number;
  }
  const { cases } = await vectors<{ cases: Case[] }>("streams");
  expect(cases).not.toHaveLength(0);
  for (const { server_seed, client_seed, nonce, first_word, bounds, numbers, words_drawn } of cases) {
    const stream = new FairStream(server_seed, client_seed, nonce, first_word);
    expect(bounds.map((bound) => stream.below(bound))).toEqual(numbers);
    expect(stream.taken).toBe(words_drawn);
  }
});

test("the chain", async () => {
  type Link = { canonical: string; hash: string };
  const { genesis, events } = await vectors<{ genesis: Link; events: Link[] }>("chain");
  expect(digest(genesis.canonical)).toBe(genesis.hash);
  let previous = genesis.hash;
  for (const event of events) {
    expect(canonical(JSON.parse(event.canonical) as Json)).toBe(event.canonical);
    previous = digest(fromHex(previous), event.canonical);
    expect(previous).toBe(event.hash);
  }
});

test("signatures", async () => {
  type File = { public_key: string; cases: { message: string; signature: string }[] };
  const { public_key, cases } = await vectors<File>("signatures");
  expect(cases).not.toHaveLength(0);
  for (const { message, signature } of cases) {
    expect(isSigned(message, signature, public_key)).toBe(true);
    expect(isSigned(`${message} `, signature, public_key)).toBe(false);
    expect(
      isSigned(
        message,
        signature.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
        public_key,
      ),
    ).toBe(false);
  }
});

test("a key of small order verifies nothing", () => {
  // The neutral point, with the signature that would fit every message.
  const neutral = `01${"00".repeat(31)}`;
  expect(isSigned("anything", `${neutral}${"00".repeat(32)}`, neutral)).toBe(false);
});

describe("rounds", async () => {
  interface Spin {
    mode: "base" | "free";
    stops: number[];
    symbols: string[][];
    payout: string;
    free_games_awarded: number;
    words: [number, number];
  }
  interface Played {
    game: string;
    rng_signature: Json;
    symbol_map: Json;
    server_seed: string;
    client_seed: string;
    stake: string;
    rounds: { nonce: number; won: string; spins: Spin[] }[];
  }
  const { games } = await vectors<{ games: Played[] }>("rounds");

  test.each(games)("of $game", ({ rng_signature, symbol_map, server_seed, client_seed, stake, rounds }) => {
    const engine = new Engine(readDefinition(rng_signature, symbol_map));
    const units_of_stake = units(stake) ?? 0n;
    for (const { nonce, won, spins } of rounds) {
      const stream = new FairStream(server_seed, client_seed, nonce);
      let total = 0n;
      for (const spin of spins) {
        expect(stream.taken).toBe(spin.words[0]);
        const outcome = engine.spin(spin.mode, stream);
        const payout = engine.payout(units_of_stake, outcome);
        total += payout;
        expect(stream.taken).toBe(spin.words[1]);
        expect(outcome.stops).toEqual(spin.stops);
        expect(names(engine, outcome.steps[0]?.window ?? [])).toEqual(spin.symbols);
        expect([amount(payout), outcome.awarded]).toEqual([spin.payout, spin.free_games_awarded]);
      }
      expect(amount(total)).toBe(won);
    }
  });
});

describe("the session proof", () => {
  test("holds, with one line feed at its end or none", async () => {
    const proof = await text("session-proof.json");
    const report = await verifyProof(proof);
    expect(report).toMatchObject({ ok: true, state: "completed", events: 23, seeds: 2, key_expected: false });
    expect(report).toMatchObject({
      spins: 2,
      free_games: 15,
      probe_spins: 5,
      wagered: "1.2000",
      won: "63.3600",
    });
    expect((await verifyProof(`${proof.trimEnd()}\n`)).ok).toBe(true);
    expect((await verifyProof(`${proof.trimEnd()}\n\n`)).ok).toBe(false);
  });

  test("is held against the key that was expected", async () => {
    const proof = await text("session-proof.json");
    const { public_key } = await vectors<{ public_key: string }>("signatures");
    expect(await verifyProof(proof, { publicKey: public_key })).toMatchObject({
      ok: true,
      key_expected: true,
    });
    const other = await verifyProof(proof, { publicKey: "ab".repeat(32) });
    expect(other).toMatchObject({
      ok: false,
      fault: { pointer: "/head/public_key", expected: "ab".repeat(32) },
    });
  });

  test("tells how far it came", async () => {
    const told: number[] = [];
    await verifyProof(await text("session-proof.json"), { progress: (done) => told.push(done) });
    expect(told).toEqual([0]);
  });
});

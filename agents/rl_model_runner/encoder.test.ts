// The encoder against the published vectors, and against what the server says of real play.

import { readFileSync } from "node:fs";
import type { Action, Spaces } from "@reelhouse/client";
import { describe, expect, test } from "vitest";
import { house, openSession } from "../testing/world.ts";
import { type Document, Encoder } from "./encoder.ts";

interface Vectors {
  encoder_version: number;
  ladder: string[];
  entries: Record<string, unknown>[];
  cases: { observation: Document; floats: number[]; mask: boolean[] }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL("../../docs/vectors/rl.json", import.meta.url), "utf8"),
);

/** The spaces that the vectors are of. */
function spaces(version = vectors.encoder_version): Spaces {
  const stakes: Action[] = vectors.ladder.map((stake) => ({ type: "spin", amount: stake }));
  const bodies: (Action | null)[] = [{ type: "spin" }, { type: "cash_out" }, null, ...stakes];
  return {
    encoder_version: version,
    ladder: vectors.ladder,
    observation_space: { entries: vectors.entries },
    action_space: { actions: bodies.map((body, index) => ({ index, body })) },
  } as unknown as Spaces;
}

describe("the published vectors hold", () => {
  const encoder = new Encoder(spaces());

  test.each(vectors.cases.map((one, at) => [at, one] as const))(
    "case %i",
    (_, { observation, floats, mask }) => {
      expect([...encoder.encode(observation)]).toEqual([...Float32Array.from(floats)]);
      expect([...encoder.mask(observation)]).toEqual(mask.map(Number));
    },
  );

  test("there are enough of them", () => {
    expect(vectors.cases.length).toBeGreaterThan(10);
    expect(encoder.shape).toEqual({
      observation: vectors.entries.length,
      actions: 3 + vectors.ladder.length,
    });
  });
});

test("an encoder of another version is refused", () => {
  expect(() => new Encoder(spaces(999))).toThrow(/of version 999, this one of version 1/);
});

test("indices are actions, and some are none", () => {
  const encoder = new Encoder(spaces());
  expect(encoder.action(0)).toEqual({ type: "spin" });
  expect(encoder.action(1)).toEqual({ type: "cash_out" });
  expect(encoder.action(2)).toBeNull();
  expect(encoder.action(3)).toEqual({ type: "spin", amount: vectors.ladder[0] });
  expect(encoder.action(99)).toBeNull();
});

test.each(["fruit-5x3", "pearl-5x3"])(
  "the floats of real play at %s are those that the server makes",
  async (game) => {
    const of = house();
    const wallet = { balance: "3.00", daily_limit: "20.00", cost_rate: { per_spin: "0.0130" } };
    const { session_id, game_id } = await openSession(of, { game, wallet, maxBet: "1.50" });
    const encoder = new Encoder(await of.spaces(game_id));
    for (let at = 0; at < 25; at += 1) {
      const { observation } = await of.session(session_id);
      const mask = encoder.mask(observation as Document);
      const open = [...mask.keys()].filter((index) => mask[index] && index !== 1);
      const action = open[at % Math.max(1, open.length)] ?? 1;
      const { errors, observations, action_masks } = await of.step(game_id, [{ session_id, action }]);
      expect(errors).toEqual([null]);
      const after = (await of.session(session_id)).observation as Document;
      expect([...encoder.encode(after)]).toEqual([...Float32Array.from(observations[0] ?? [])]);
      expect([...encoder.mask(after)]).toEqual(action_masks[0]?.map(Number));
      if (action === 1) break;
    }
  },
);

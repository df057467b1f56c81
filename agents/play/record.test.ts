// What agents tell of their own play, against the record that the server keeps of it.

import type { Reelhouse, RlMetrics } from "@reelhouse/client";
import { behaviour, type View } from "@reelhouse/planner";
import { Encoder, EpisodeMetrics, Policy } from "@reelhouse/rl-model-runner";
import { describe, expect, test } from "vitest";
import { layer } from "../testing/onnx.ts";
import { all, gameId, house } from "../testing/world.ts";
import { playAll } from "./crowd.ts";
import { type Options, parse } from "./options.ts";
import { policyBehaviour } from "./policy.ts";
import type { Figures } from "./tally.ts";

const silent = { step: () => {}, sessionDone: () => {} };

function options(...args: string[]): Options {
  return parse(
    ["--policy", "random", "--balance", "5.00", "--sessions", "12", "--max-steps", "30", ...args],
    false,
  );
}

/** Plays at a fresh copy of a game, so that its record holds this play alone. */
async function freshGame(of: Reelhouse, credit: string) {
  const { rng_signature, symbol_map } = await of.game(await gameId(of));
  const body = { name: `fruit of ${credit}`, rng_signature, symbol_map: { ...symbol_map, credit } };
  const { data } = await of.api.POST("/games", { body });
  if (!data) throw new Error("the game was refused");
  return data;
}

function expectSame(found: Figures, told: RlMetrics["reward"]): void {
  expect(found.mean).toBeCloseTo(told.mean as number, 9);
  expect(found.variance).toBeCloseTo(told.variance as number, 9);
  expect(found.low).toBeCloseTo(told.interval?.[0] as number, 9);
  expect(found.high).toBeCloseTo(told.interval?.[1] as number, 9);
}

test("the figures agree with those of the server", async () => {
  const of = house();
  const game = await freshGame(of, "0.0200");
  const settings = options("--concurrency", "4");
  const tally = await playAll(of, game, (seed) => behaviour("random", seed), settings, silent);
  const told = await of.rlMetrics({ game_id: game.game_id });
  const { summary, episodes } = tally;
  expect([summary.actions, episodes.episodes]).toEqual([told.steps, told.episodes]);
  expect([episodes.terminated, episodes.truncated]).toEqual([told.terminated, told.truncated]);
  expectSame(summary.reward, told.reward);
  expectSame(summary.episode_return, told.episode_return);
  expectSame(summary.episode_length, told.episode_length);
  expect(told.mean_reward).toBe(told.reward.mean);
});

test("the figures of the events of one session agree too", async () => {
  const of = house();
  const game = await freshGame(of, "0.0300");
  await playAll(of, game, (seed) => behaviour("aggressive", seed), options("--sessions", "1"), silent);
  const [session] = await all(of.sessions({ game_id: game.game_id }));
  if (!session) throw new Error("nothing was played");
  const { session_id } = session;
  const events = await all(of.events(session_id));
  const metrics = new EpisodeMetrics().episode(
    events.map(({ reward }) => reward),
    "terminated",
  );
  const told = await of.rlMetrics({ session_id });
  expect(metrics.reward.mean).toBeCloseTo(told.mean_reward as number, 9);
  expect(metrics.reward.variance).toBeCloseTo(told.reward_variance as number, 9);
  expect(metrics.episodeLength.mean).toBe(told.episode_length.mean);
});

describe("a run is fixed by its seed", () => {
  /** All that a run of training sessions records, but for ids, hashes and times. */
  async function record(credit: string, seed: string) {
    const of = house();
    const game = await freshGame(of, credit);
    const settings = options("--training", "--seed", seed, "--sessions", "4", "--concurrency", "2");
    await playAll(of, game, (own) => behaviour("adaptive", own), settings, silent);
    const played = await all(of.sessions({ game_id: game.game_id }));
    const sessions = played.filter(({ fairness }) => fairness.client_seed.startsWith(`${seed}/`));
    const runs = await Promise.all(
      sessions.map(async ({ session_id, fairness }) => {
        const events = await all(of.events(session_id));
        return [fairness.client_seed, events.map(({ action, result }) => ({ action, result }))] as const;
      }),
    );
    return runs.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, events]) => events);
  }

  test("with --training", async () => {
    const [first, again, other] = [
      await record("0.0400", "s1"),
      await record("0.0500", "s1"),
      await record("0.0400", "s2"),
    ];
    const stops = (runs: typeof first) =>
      runs.map((events) => events.map(({ result }) => result.stops).slice(0, 5));
    expect(first).toHaveLength(4);
    expect(stops(again)).toEqual(stops(first));
    expect(stops(other)).not.toEqual(stops(first));
  });
});

describe("a policy plays", () => {
  /** A policy that likes one action best, whatever it sees. */
  async function liking(of: Reelhouse, game_id: string, liked: number) {
    const encoder = new Encoder(await of.spaces(game_id));
    const { observation, actions } = encoder.shape;
    const weights = Array.from({ length: observation }, () => new Array<number>(actions).fill(0));
    const bias = Array.from({ length: actions }, (_, index) => (index === liked ? 2 : index === 1 ? 1 : 0));
    const policy = await Policy.load(layer({ weights, bias }), encoder.shape);
    return policyBehaviour("liking", policy, encoder);
  }

  test("what it likes while it may, and leaves when it may not", async () => {
    const of = house();
    const game = await freshGame(of, "0.0600");
    const player = await liking(of, game.game_id, 4);
    const chosen: string[] = [];
    const watched = {
      ...player,
      async choose(view: View) {
        const action = await player.choose(view);
        if (action) chosen.push("amount" in action ? String(action.amount) : action.type);
        return action;
      },
    };
    const settings = options("--sessions", "1", "--balance", "1.20", "--reward", "spins");
    const tally = await playAll(of, game, () => watched, settings, silent);
    // The second rung is twice the unit bet of 5 lines at 0.06: two spins at most unless one pays.
    expect(chosen[0]).toBe("0.6000");
    expect(new Set(chosen)).toEqual(new Set(["0.6000", "cash_out"]));
    expect(chosen.at(-1)).toBe("cash_out");
    expect(tally.summary.episode_return.mean).toBe(chosen.length - 1);
  });

  test("its free games out", async () => {
    const of = house();
    const settings = options(
      "--sessions",
      "6",
      "--balance",
      "100.00",
      "--max-steps",
      "60",
      "--concurrency",
      "6",
    );
    const game = await of.game(await gameId(of, "pearl-5x3"));
    const player = await liking(of, game.game_id, 3);
    const tally = await playAll(of, game, () => player, settings, silent);
    expect(tally.sessions).toBe(6);
    expect(tally.episodes.terminated).toBe(6);
  });
});

// Proofs that a real server makes: this verifier and the domain's find the same.

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentOf, textOf } from "../testing/forge.ts";
import { examples, guide, randomGame } from "../testing/games.ts";
import { type Definition, type Play, played, post } from "../testing/proofs.ts";
import { reel } from "../testing/server.ts";
import { house } from "../testing/world.ts";
import { verifyProof } from "./verify.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reelhouse-proofs-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Whether `reel verify` takes a proof. */
function reelTakes(proof: string): boolean {
  const file = join(folder, `${randomBytes(8).toString("hex")}.json`);
  writeFileSync(file, proof);
  const { status, stderr } = spawnSync(reel(), ["verify", file], { encoding: "utf8" });
  if (status !== 0 && status !== 5) throw new Error(`reel ended with ${status}: ${stderr}`);
  return status === 0;
}

/** Plays a game and checks the proof with both verifiers. */
async function prove(game: Definition, play: Omit<Play, "game">) {
  const of = house();
  const proof = await played(of, { ...play, game: await post(of, game) });
  const report = await verifyProof(proof);
  expect(report, `${game.name}: ${JSON.stringify(report)}`).toMatchObject({ ok: true });
  expect(reelTakes(proof), game.name).toBe(true);
  return { proof, report: report.ok ? report : undefined };
}

// The profiles of games of large cascades are simulated, which takes minutes in a debug build; their published proofs are
// checked with the mutations.
const SIMULATED = ["geode-cluster", "stair-falls", "tide-rows"];

describe("the reference and example games", () => {
  const games = examples().filter(({ name }) => !SIMULATED.includes(name));
  const rewards = ["net", "net_per_stake", "log_bankroll", "spins"] as const;

  test.each(games.map((game, at) => [game.name, game, at] as const))("%s", async (_, game, at) => {
    const { report } = await prove(game, { seed: at, actions: 120, probes: 100, reward: rewards[at % 4] });
    expect(report?.training).toBe(true);
    expect(report?.spins).toBeGreaterThan(30);
  });

  test("fair draws, which are others in every run", async () => {
    const [game] = games;
    if (!game) throw new Error("there are no games");
    const { proof, report } = await prove(game, { seed: 1, actions: 150, fair: true });
    expect(report?.training).toBe(false);
    for (const change of [
      (document: ReturnType<typeof documentOf>) => document.events.pop(),
      (document: ReturnType<typeof documentOf>) => (document.events[0].result.balance = "1.0000"),
      (document: ReturnType<typeof documentOf>) => (document.seeds[0].client_seed += "x"),
    ]) {
      const document = documentOf(proof);
      change(document);
      expect(await verifyProof(textOf(document))).toMatchObject({ ok: false });
      expect(reelTakes(textOf(document))).toBe(false);
    }
  });
});

describe("the games of the guide", () => {
  // That of respins has a profile that takes long; one of the examples has them, too.
  const games = guide().filter(({ symbol_map }) => !("respins" in symbol_map));

  test.each(games.map((game, at) => [game.name, game, at] as const))("%s", async (_, game, at) => {
    await prove(game, { seed: at, actions: 40, probes: 100 });
  });
});

/** Random games whose profiles are counted at once, and which between them have every feature. */
const RANDOM = [2, 4, 7, 8, 9, 11, 18, 19, 23, 25, 28, 35, 37, 40, 45, 49, 55, 59];

test.each(RANDOM)("random game %i", async (seed) => {
  await prove(randomGame(seed), { seed, actions: 40, probes: 200 });
});

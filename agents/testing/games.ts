// Games for the tests: the examples of the repository, those of the guide, and small random ones of every feature.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pick, type Random, seeded } from "@reelhouse/planner";
import type { Definition } from "./proofs.ts";

const ROOT = join(import.meta.dirname, "../..");

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Fields = { [name: string]: Json };

/** The reference games and the example games. */
export function examples(): Definition[] {
  const folder = join(ROOT, "crates/domain/games");
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")));
}

/** The games of docs/define-a-game.md: the whole one, and each piece laid over it. */
export function guide(): Definition[] {
  const text = readFileSync(join(ROOT, "docs/define-a-game.md"), "utf8");
  const [whole, ...pieces] = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json]) =>
    JSON.parse(json ?? ""),
  );
  return [whole, ...pieces.map((piece) => merged(whole, piece))].map((game, place) => ({
    ...game,
    name: `guide ${place}`,
  }));
}

/** A JSON merge patch (RFC 7386). */
function merged(target: Json, patch: Json): Json {
  if (!isFields(patch)) return patch;
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name] ?? null, value);
  }
  return result;
}

function isFields(value: Json): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const NAMES = ["a", "b", "W", "V", "S"];

/** A small random game of any features. The server may refuse it, for rounds that hardly end or pays that are too large. */
export function randomGame(seed: number): Definition {
  const random = seeded(`game ${seed}`);
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const flip = () => random() < 0.5;
  const heights = Array.from({ length: between(1, 5) }, () => between(1, 4));
  if (flip()) heights.fill(between(2, 4));
  const cells = heights.reduce((sum, height) => sum + height, 0);
  const kind = pick(["lines", "ways", "cluster"], random) ?? "lines";
  const free = flip();
  const row = (longest: number, least: number, most: number): Fields => {
    const counts = Array.from({ length: longest }, (_, place) => place + 1).filter(flip);
    return Object.fromEntries(counts.map((count) => [`${count}`, between(least, most)]));
  };
  const longest = kind === "cluster" ? cells : heights.length;
  const map: Fields = {
    version: 1,
    grid: { reels: heights.length, rows: heights },
    symbols: symbols(random, free),
    evaluation: evaluation(kind, heights, random),
    pays: Object.fromEntries(NAMES.slice(0, 4).map((name) => [name, row(longest, 0, 30)])),
    scatter_pays: { S: row(cells, 0, 9) },
    wild_multipliers: pick(["highest", "product", "sum"], random) ?? "sum",
  };
  if (flip())
    map.full_grid = [
      { symbols: ["a", "W"], multiplier: 3 },
      { symbols: ["b"], multiplier: 5 },
    ];
  const after = between(0, 3);
  if (after === 0) map.cascades = { multipliers: [1, 2, 5], most: between(1, 6) };
  if (after === 0 && free) Object.assign(map.cascades as Fields, { free_multipliers: [2, 3] });
  if (after === 1) map.respins = { symbols: ["W", "V"], most: between(1, 3) };
  if (free) {
    const awards = { S: row(cells, 1, 3), W: row(Math.min(2, cells), 1, 2) };
    map.free_games = { awards, multiplier: 3, retrigger: flip() };
  }
  const vary = kind !== "lines" && flip();
  const modes: Fields = { base: reels(heights, vary, random) };
  if (free) modes.free = reels(heights, vary, random);
  return {
    name: `random ${seed}`,
    rng_signature: { version: 1, algorithm: "hmac-sha256", modes },
    symbol_map: map,
  };
}

function symbols(random: Random, free: boolean): Json[] {
  const list: Fields[] = [
    { name: "a", role: "regular" },
    { name: "b", role: "regular" },
    { name: "W", ...wild(random) },
    { name: "V", ...wild(random) },
    { name: "S", role: "scatter" },
  ];
  if (!free) return list;
  Object.assign(list[2] as Fields, { free: { role: random() < 0.5 ? "regular" : "scatter" } });
  Object.assign(list[4] as Fields, { free: wild(random) });
  return list;
}

function wild(random: Random): Fields {
  return {
    role: "wild",
    multiplier: 1 + Math.floor(random() * 4),
    substitutes: pick<Json>(["regular", ["a"], ["b", "W"], ["a", "b", "V"], []], random) ?? "regular",
    expands: random() < 0.25,
    scatter: random() < 0.25,
  };
}

function evaluation(type: string, heights: readonly number[], random: Random): Fields {
  const both_ways = random() < 0.5;
  if (type === "cluster") return { type, bets: 1 + Math.floor(random() * 9) };
  if (type === "ways") return { type, bets: 1 + Math.floor(random() * 9), both_ways };
  const line = () => heights.map((height) => 1 + Math.floor(random() * height));
  return { type, lines: Array.from({ length: 1 + Math.floor(random() * 6) }, line), both_ways };
}

function reels(heights: readonly number[], vary: boolean, random: Random): Fields {
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const strip = (height: number) =>
    Array.from({ length: between(height, 9) }, () => pick(NAMES, random) ?? "a");
  const weights = () =>
    Object.fromEntries([
      [pick(NAMES, random) ?? "a", between(1, 5)],
      ...NAMES.filter(() => random() < 0.7).map((name) => [name, between(1, 5)]),
    ]);
  const mode: Fields = random() < 0.5 ? { strips: heights.map(strip) } : { weights: heights.map(weights) };
  if (vary) {
    mode.rows = heights.map((height) => ({
      [`${height}`]: between(1, 5),
      [`${between(1, height)}`]: between(1, 5),
    }));
  }
  return mode;
}

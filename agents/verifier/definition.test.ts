// The definition of a game: read in its normal form alone, within its limits.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Document, documentOf } from "../testing/forge.ts";
import { Stop } from "./fault.ts";
import { isPlain, maxStake } from "./game/bound.ts";
import { readDefinition } from "./game/definition.ts";

function game(name: string): Document {
  const path = join(import.meta.dirname, "../../docs/vectors/proofs", `${name}.json`);
  return documentOf(readFileSync(path, "utf8")).game;
}

/** Where the first fault of a changed game is. */
function fault(name: string, change: (map: Document, rng: Document) => void): string {
  const { symbol_map, rng_signature } = game(name);
  change(symbol_map, rng_signature.modes);
  try {
    readDefinition(rng_signature, symbol_map);
  } catch (error) {
    if (error instanceof Stop) return error.fault.pointer.replace("/game", "");
    throw error;
  }
  return "none";
}

/** What only one way of writing has: the other ways are refused. */
const FORMS: [
  what: string,
  game: string,
  change: (map: Document, modes: Document) => void,
  pointer: string,
][] = [
  ["a default left out", "owl-night", (map) => delete map.scatter_pays, "/symbol_map/scatter_pays"],
  ["a credit in short", "owl-night", (map) => (map.credit = "0.01"), "/symbol_map/credit"],
  [
    "a false flag",
    "owl-night",
    (map) => (map.evaluation.both_ways = false),
    "/symbol_map/evaluation/both_ways",
  ],
  ["a range", "owl-night", (map) => (map.pays.fern = { "3-5": 1 }), "/symbol_map/pays/fern/3-5"],
  [
    "what holds anyway",
    "owl-night",
    (map) => (map.wild_multipliers = "highest"),
    "/symbol_map/wild_multipliers",
  ],
  ["an empty list", "owl-night", (map) => (map.full_grid = []), "/symbol_map/full_grid"],
  [
    "the same role",
    "owl-night",
    (map) => (map.symbols[1].free = { role: "regular" }),
    "/symbol_map/symbols/1/free",
  ],
  ["rows in a list", "owl-night", (map) => (map.grid.rows = [3, 3, 3, 3, 3]), "/symbol_map/grid/rows"],
  [
    "another order",
    "ember-1024",
    (map) => map.symbols[1].substitutes.reverse(),
    "/symbol_map/symbols/1/substitutes",
  ],
  [
    "a step twice",
    "stair-falls",
    (map) => map.cascades.multipliers.push(5),
    "/symbol_map/cascades/multipliers",
  ],
  [
    "the same ladder",
    "stair-falls",
    (map) => (map.cascades.free_multipliers = map.cascades.multipliers),
    "/symbol_map/cascades/free_multipliers",
  ],
  ["an unknown member", "owl-night", (map) => (map.more = 1), "/symbol_map/more"],
  ["an inherited name", "owl-night", (map) => (map.pays.constructor = {}), "/symbol_map/pays/constructor"],
];

/** What no game may be. */
const LIMITS: [
  what: string,
  game: string,
  change: (map: Document, modes: Document) => void,
  pointer: string,
][] = [
  ["another version", "owl-night", (map) => (map.version = 2), "/symbol_map/version"],
  ["nine reels", "owl-night", (map) => (map.grid.reels = 9), "/symbol_map/grid/reels"],
  ["no credit", "owl-night", (map) => (map.credit = "0.0000"), "/symbol_map/credit"],
  [
    "a line outside",
    "owl-night",
    (map) => (map.evaluation.lines[3][2] = 4),
    "/symbol_map/evaluation/lines/3/2",
  ],
  ["a name twice", "owl-night", (map) => (map.symbols[2].name = "fern"), "/symbol_map/symbols"],
  ["a pay too large", "owl-night", (map) => (map.pays.fern["3"] = 1_000_001), "/symbol_map/pays/fern/3"],
  ["a pay of a part", "owl-night", (map) => (map.pays.fern["3"] = 0.5), "/symbol_map/pays/fern/3"],
  ["a run too long", "owl-night", (map) => (map.pays.fern["6"] = 1), "/symbol_map/pays/fern/6"],
  ["pays of scatters alone", "pearl-5x3", (map) => (map.pays.pearl = { "3": 1 }), "/symbol_map/pays/pearl"],
  [
    "scatters of regulars",
    "owl-night",
    (map) => (map.scatter_pays.fern = {}),
    "/symbol_map/scatter_pays/fern",
  ],
  ["no award", "owl-night", (map) => (map.free_games.awards = { owl: {} }), "/symbol_map/free_games/awards"],
  [
    "rounds that hardly end",
    "owl-night",
    (map) => (map.free_games.awards.owl = { "1": 500 }),
    "/symbol_map/free_games/retrigger",
  ],
  ["free games without reels", "owl-night", (_, modes) => delete modes.free, "/rng_signature/modes/free"],
  [
    "reels without free games",
    "fruit-5x3",
    (_, modes) => (modes.free = modes.base),
    "/rng_signature/modes/free",
  ],
  [
    "a short strip",
    "owl-night",
    (_, modes) => modes.base.strips[0].splice(2),
    "/rng_signature/modes/base/strips/0",
  ],
  [
    "a strange stop",
    "owl-night",
    (_, { base }) => (base.strips[1][4] = "?"),
    "/rng_signature/modes/base/strips/1/4",
  ],
  [
    "no weight",
    "geode-cluster",
    (_, { base }) => (base.weights[0] = {}),
    "/rng_signature/modes/base/weights/0",
  ],
  ["rows of lines", "owl-night", (_, { base }) => (base.rows = []), "/rng_signature/modes/base/rows"],
  [
    "too many rows",
    "tide-rows",
    (_, { base }) => (base.rows[2]["8"] = 1),
    "/rng_signature/modes/base/rows/2/8",
  ],
  [
    "both of them",
    "comet-respin",
    (map) => (map.cascades = { multipliers: [1], most: 1 }),
    "/symbol_map/respins",
  ],
  [
    "held regulars",
    "comet-respin",
    (map) => (map.respins.symbols = ["dust"]),
    "/symbol_map/respins/symbols/0",
  ],
  [
    "a full grid of one",
    "orchard-full",
    (map) => (map.full_grid[0].multiplier = 1),
    "/symbol_map/full_grid/0/multiplier",
  ],
  [
    "a spin that pays too much",
    "tide-rows",
    (map) =>
      Object.assign(map, {
        pays: { stag: { "6": 1_000_000 } },
        cascades: { multipliers: [1000], most: 100 },
      }),
    "/symbol_map/pays",
  ],
];

describe("a form that is not the normal one is refused", () => {
  test.each(FORMS)("%s", (_, name, change, pointer) => expect(fault(name, change)).toBe(pointer));
});

describe("what is no game is refused", () => {
  test.each(LIMITS)("%s", (_, name, change, pointer) => expect(fault(name, change)).toBe(pointer));
});

test("the games themselves are read", () => {
  for (const name of ["owl-night", "tide-rows", "comet-respin"]) expect(fault(name, () => {})).toBe("none");
});

test("plain lines are known, and the largest stake", () => {
  const read = (name: string) => readDefinition(game(name).rng_signature, game(name).symbol_map);
  expect(["fruit-5x3", "pearl-5x3", "owl-night"].map((name) => isPlain(read(name)))).toEqual([
    true,
    true,
    false,
  ]);
  // 9000 × 2 for the best line and 500 for scatters, tripled: 1024 such spins in 2^63 - 1 units, in steps of 0.1.
  expect(maxStake(read("pearl-5x3"))).toBe(((2n ** 63n - 1n) / (1024n * 55_500n) / 1000n) * 1000n);
});

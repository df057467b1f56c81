// Reads how a game draws: the `rng_signature` document.

import type { Json } from "../canonical.ts";
import { wrong } from "../fault.ts";
import { list, object, record, step, whole } from "../shape.ts";
import type { Definition, Reels, Weighted } from "./model.ts";
import { counts, type Vocabulary } from "./vocabulary.ts";

const MOST_STOPS = 1000;
const MOST_WEIGHT = 1_000_000;

/** What the modes are read with. */
interface Frame {
  heights: readonly number[];
  onLines: boolean;
  vocabulary: Vocabulary;
}

/** Reads the `rng_signature` document. */
export function readModes(value: Json, frame: Frame, hasFreeGames: boolean): Definition["modes"] {
  const at = "/game/rng_signature";
  const of = record(value, at, ["version", "algorithm", "modes"]);
  whole(of.version, `${at}/version`, 1, 1);
  if (of.algorithm !== "hmac-sha256") wrong(`${at}/algorithm`, "hmac-sha256", `${of.algorithm}`);
  const modes = record(of.modes, `${at}/modes`, hasFreeGames ? ["base", "free"] : ["base"]);
  const base = readReels(modes.base, `${at}/modes/base`, frame);
  return { base, free: hasFreeGames ? readReels(modes.free, `${at}/modes/free`, frame) : null };
}

function readReels(value: Json | undefined, at: string, frame: Frame): Reels {
  const weighted = object(value, at).weights !== undefined;
  const of = record(value, at, [weighted ? "weights" : "strips"], frame.onLines ? [] : ["rows"]);
  return {
    strips: weighted ? null : perReel(of.strips, `${at}/strips`, frame, readStrip),
    weights: weighted ? perReel(of.weights, `${at}/weights`, frame, readWeights) : null,
    rows: of.rows === undefined ? null : perReel(of.rows, `${at}/rows`, frame, readRows),
  };
}

function perReel<T>(
  value: Json | undefined,
  at: string,
  frame: Frame,
  read: (item: Json, at: string, frame: Frame, height: number) => T,
): T[] {
  const reels = frame.heights.length;
  return list(value, at, reels, reels).map((item, reel) =>
    read(item, step(at, reel), frame, frame.heights[reel] ?? 0),
  );
}

/** A strip, which is as long as its reel is high or longer: no stop shows twice in one window. */
function readStrip(value: Json, at: string, { vocabulary }: Frame, height: number): number[] {
  return list(value, at, height, MOST_STOPS).map((name, stop) => vocabulary.place(name, step(at, stop)));
}

/** The weights of symbols, in the order of the definition. */
function readWeights(value: Json, at: string, { vocabulary }: Frame): Weighted {
  const table = Object.entries(object(value, at)).map(([name, weight]) => ({
    value: vocabulary.place(name, step(at, name)),
    weight: whole(weight, step(at, name), 1, MOST_WEIGHT),
  }));
  return rising(table, at);
}

/** The weights of numbers of rows, in the order of the numbers. */
function readRows(value: Json, at: string, _: Frame, height: number): Weighted {
  const table = [...counts(value, at, height, [1, MOST_WEIGHT])].map(([value, weight]) => ({
    value,
    weight,
  }));
  return rising(table, at);
}

function rising(table: { value: number; weight: number }[], at: string): Weighted {
  if (table.length === 0) wrong(at, "at least one weight", "none");
  return table.sort((one, other) => one.value - other.value);
}

// Reads the definition of a game (docs/define-a-game.md) in its normal form: every default filled in.

import { canonical, type Json } from "../canonical.ts";
import { equal, wrong } from "../fault.ts";
import { digest } from "../hash.ts";
import type { Proof } from "../proof.ts";
import { flag, list, type Members, money, object, record, step, whole, word } from "../shape.ts";
import { isPlain, MOST_SPIN_PAY, spinPay } from "./bound.ts";
import { furtherFreeGames } from "./chance.ts";
import type { Definition } from "./model.ts";
import { readModes } from "./reels.ts";
import { MOST_MULTIPLIER, readSymbols, type Vocabulary } from "./vocabulary.ts";

const MOST_SIDE = 8;
const MOST_LINES = 1024;
const MOST_BETS = 1024;
const MOST_PAY = 1_000_000;
const MOST_AWARD = 500;
const MOST_CREDIT = 10_000_000_000n;
const MOST_STEPS = 32;
const MOST_CASCADES = 100;
const MOST_RESPINS = 10;

const AT = "/game/symbol_map";
const MUST = ["version", "grid", "credit", "symbols", "evaluation", "pays", "scatter_pays"];
const MAY = ["free_games", "wild_multipliers", "full_grid", "cascades", "respins"];

/** Checks a game's documents against the fingerprint, and reads them. */
export function readGame(game: Proof["game"]): Definition {
  const { rng_signature, symbol_map, fingerprint } = game;
  equal("/game/fingerprint", digest(canonical({ rng_signature, symbol_map })), fingerprint);
  return readDefinition(rng_signature, symbol_map);
}

/** Reads the two documents of a game; stops at whatever is no definition in normal form. */
export function readDefinition(rngSignature: Json, symbolMap: Json): Definition {
  const of = record(symbolMap, AT, MUST, MAY);
  whole(of.version, `${AT}/version`, 1, 1);
  const grid = readGrid(of.grid);
  const hasFreeGames = of.free_games !== undefined;
  const [vocabulary, symbols] = readSymbols(of.symbols, `${AT}/symbols`, hasFreeGames);
  const evaluation = readEvaluation(of.evaluation, grid.heights);
  const cells = grid.heights.reduce((sum, height) => sum + height, 0);
  const longest = evaluation.evaluation === "cluster" ? cells : grid.heights.length;
  const game: Definition = {
    ...grid,
    ...evaluation,
    symbols,
    credit: readCredit(of.credit),
    pays: vocabulary.table(of.pays, `${AT}/pays`, ["regular", "wild"], longest, [0, MOST_PAY]),
    scatterPays: vocabulary.table(of.scatter_pays, `${AT}/scatter_pays`, ["scatter"], cells, [0, MOST_PAY]),
    freeGames: hasFreeGames ? readFreeGames(of.free_games, vocabulary, cells) : null,
    combine:
      of.wild_multipliers === undefined
        ? "highest"
        : word(of.wild_multipliers, `${AT}/wild_multipliers`, ["product", "sum"]),
    fullGrid: of.full_grid === undefined ? [] : readFullGrid(of.full_grid, vocabulary),
    cascades: of.cascades === undefined ? null : readCascades(of.cascades, hasFreeGames),
    respins: of.respins === undefined ? null : readRespins(of, vocabulary),
    modes: readModes(
      rngSignature,
      { heights: grid.heights, onLines: evaluation.evaluation === "lines", vocabulary },
      hasFreeGames,
    ),
  };
  checkWhole(game);
  return game;
}

/** Checks what only the whole definition tells. */
function checkWhole(game: Definition): void {
  const [awarded, all] = furtherFreeGames(game);
  if (awarded * 10n > all * 9n) {
    wrong(`${AT}/free_games/retrigger`, "at most 0.9 further free games a free game", `${awarded}/${all}`);
  }
  if (!isPlain(game) && spinPay(game) > MOST_SPIN_PAY) {
    wrong(`${AT}/pays`, `at most ${MOST_SPIN_PAY} bets for one spin`, `${spinPay(game)}`);
  }
}

function readGrid(value: Json | undefined): Pick<Definition, "heights" | "uneven"> {
  const at = `${AT}/grid`;
  const of = record(value, at, ["reels", "rows"]);
  const reels = whole(of.reels, `${at}/reels`, 1, MOST_SIDE);
  if (!Array.isArray(of.rows)) {
    const rows = whole(of.rows, `${at}/rows`, 1, MOST_SIDE);
    return { heights: Array(reels).fill(rows), uneven: false };
  }
  const heights = list(of.rows, `${at}/rows`, reels, reels).map((rows, reel) =>
    whole(rows, `${at}/rows/${reel}`, 1, MOST_SIDE),
  );
  if (new Set(heights).size < 2) wrong(`${at}/rows`, "a number where all reels have the same rows", "a list");
  return { heights, uneven: true };
}

function readCredit(value: Json | undefined): bigint {
  const credit = money(value, `${AT}/credit`);
  const fits = credit > 0n && credit <= MOST_CREDIT;
  return fits ? credit : wrong(`${AT}/credit`, "more than zero and at most 1000000.0000", `${value}`);
}

type Evaluation = Pick<Definition, "evaluation" | "lines" | "bets" | "bothWays">;

function readEvaluation(value: Json | undefined, heights: readonly number[]): Evaluation {
  const at = `${AT}/evaluation`;
  const evaluation = word(object(value, at).type, `${at}/type`, ["lines", "ways", "cluster"]);
  const of = record(
    value,
    at,
    ["type", evaluation === "lines" ? "lines" : "bets"],
    evaluation === "cluster" ? [] : ["both_ways"],
  );
  const bothWays = flag(of.both_ways, `${at}/both_ways`);
  if (evaluation !== "lines") {
    return { evaluation, lines: [], bets: whole(of.bets, `${at}/bets`, 1, MOST_BETS), bothWays };
  }
  const lines = list(of.lines, `${at}/lines`, 1, MOST_LINES).map((line, number) =>
    readLine(line, `${at}/lines/${number}`, heights),
  );
  return { evaluation, lines, bets: lines.length, bothWays };
}

/** The rows of a line, from 0. */
function readLine(value: Json, at: string, heights: readonly number[]): number[] {
  return list(value, at, heights.length, heights.length).map(
    (row, reel) => whole(row, `${at}/${reel}`, 1, heights[reel]) - 1,
  );
}

function readFreeGames(
  value: Json | undefined,
  vocabulary: Vocabulary,
  cells: number,
): Definition["freeGames"] {
  const at = `${AT}/free_games`;
  const of = record(value, at, ["awards", "multiplier", "retrigger"]);
  const awards = vocabulary.table(of.awards, `${at}/awards`, ["scatter"], cells, [1, MOST_AWARD]);
  if ([...awards.values()].every((row) => row.size === 0))
    wrong(`${at}/awards`, "at least one award", "none");
  if (typeof of.retrigger !== "boolean") wrong(`${at}/retrigger`, "true or false", "something else");
  const multiplier = whole(of.multiplier, `${at}/multiplier`, 1, MOST_MULTIPLIER);
  return { awards, multiplier, retrigger: of.retrigger === true };
}

function readFullGrid(value: Json, vocabulary: Vocabulary): Definition["fullGrid"] {
  const at = `${AT}/full_grid`;
  const sets = list(value, at, 1, 64).map((item, place) => {
    const of = record(item, step(at, place), ["symbols", "multiplier"]);
    const symbols = vocabulary.set(of.symbols, `${at}/${place}/symbols`, ["regular", "wild"]);
    return { symbols, multiplier: whole(of.multiplier, `${at}/${place}/multiplier`, 2, MOST_MULTIPLIER) };
  });
  const all = sets.flatMap((set) => set.symbols);
  if (new Set(all).size !== all.length) wrong(at, "each symbol in one set", "a symbol in two");
  return sets;
}

function readCascades(value: Json, hasFreeGames: boolean): Definition["cascades"] {
  const at = `${AT}/cascades`;
  const of = record(value, at, ["multipliers", "most"], hasFreeGames ? ["free_multipliers"] : []);
  const base = readLadder(of.multipliers, `${at}/multipliers`);
  const free =
    of.free_multipliers === undefined ? base : readLadder(of.free_multipliers, `${at}/free_multipliers`);
  if (of.free_multipliers !== undefined && free.join() === base.join()) {
    wrong(`${at}/free_multipliers`, "no such member where it is the same", "one");
  }
  return { ladder: { base, free }, most: whole(of.most, `${at}/most`, 1, MOST_CASCADES) };
}

/** A ladder of multipliers; its last step stays, so it is not written twice. */
function readLadder(value: Json | undefined, at: string): number[] {
  const ladder = list(value, at, 1, MOST_STEPS).map((item, place) =>
    whole(item, `${at}/${place}`, 1, MOST_MULTIPLIER),
  );
  const repeated = ladder.length > 1 && ladder.at(-1) === ladder.at(-2);
  return repeated
    ? wrong(at, "a last step that is another than the one before", `${ladder.at(-1)} twice`)
    : ladder;
}

function readRespins(map: Members, vocabulary: Vocabulary): Definition["respins"] {
  const at = `${AT}/respins`;
  if (map.cascades !== undefined) wrong(at, "cascades or respins, not both", "both");
  const of = record(map.respins, at, ["symbols", "most"]);
  const symbols = vocabulary.set(of.symbols, `${at}/symbols`, ["wild"]);
  return { symbols, most: whole(of.most, `${at}/most`, 1, MOST_RESPINS) };
}

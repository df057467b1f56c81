// How an event tells an outcome: the members of its result document (docs/spin.md).

import type { Json } from "./canonical.ts";
import type { Engine } from "./game/engine.ts";
import type { Outcome, Step } from "./game/spin.ts";
import type { Cell, Win } from "./game/wins.ts";
import { inOrder } from "./game/wins.ts";
import { amount } from "./money.ts";
import type { Members } from "./shape.ts";

/** The names of the symbols in a window: one list a reel, top to bottom. */
export function names(engine: Engine, window: readonly (readonly number[])[]): string[][] {
  return window.map((reel) => reel.map((symbol) => engine.name(symbol)));
}

/** The wins of an outcome: by window, there in the order they are found in; then those of scatters. */
export function winsOf(engine: Engine, stake: bigint, outcome: Outcome): Json[] {
  const wins = outcome.steps.flatMap((step, place) =>
    step.wins.map((win) => ({ ...atStep(engine, place), ...winOf(engine, stake, step, win) })),
  );
  const scatters = outcome.scatters.map((win) => ({
    kind: "scatter",
    ...atStep(engine, 0),
    symbol: engine.name(win.symbol),
    count: win.count,
    multiplier: win.multiplier,
    payout: amount(stake * BigInt(win.pay)),
  }));
  return [...wins, ...scatters];
}

/** The number of a win's window, which a game of plain lines does not tell. */
function atStep(engine: Engine, place: number): Members {
  return engine.plain ? {} : { step: place + 1 };
}

function winOf(engine: Engine, stake: bigint, step: Step, win: Win): Members {
  const told: Members = {
    kind: win.line !== undefined ? "line" : win.ways !== undefined ? "ways" : "cluster",
    symbol: engine.name(win.symbol),
    count: win.count,
    multiplier: win.multiplier * step.multiplier * step.fullGrid,
    payout: amount(engine.winPayout(stake, step, win)),
  };
  if (win.fromRight) told.direction = "right_to_left";
  if (win.line !== undefined) return { ...told, line: win.line };
  if (win.ways !== undefined) Object.assign(told, { ways: win.ways, weight: win.weight });
  return { ...told, cells: fromOne(win.cells) };
}

function fromOne(cells: readonly Cell[]): Json[] {
  return inOrder(cells).map(([reel, row]) => [reel + 1, row + 1]);
}

/** The windows of an outcome. */
export function stepsOf(engine: Engine, stake: bigint, outcome: Outcome): Json[] {
  return outcome.steps.map((step) => {
    const told: Members = {
      kind: step.kind,
      symbols: names(engine, step.window),
      multiplier: step.multiplier,
      payout: amount(engine.stepPayout(stake, step)),
    };
    if (step.expanded.length > 0) {
      told.expanded = step.expanded.map(([reel, symbol]) => ({
        reel: reel + 1,
        symbol: engine.name(symbol),
      }));
    }
    if (step.held.length > 0) told.held = fromOne(step.held);
    if (step.fullGrid > 1) told.full_grid = step.fullGrid;
    return told;
  });
}

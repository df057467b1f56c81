// `npm start`: plays many sessions at a running server and tells what they came to.

import process from "node:process";
import { type Game, Reelhouse, Refused, Unexpected, Unreachable } from "@reelhouse/client";
import { behaviour } from "@reelhouse/planner";
import { Encoder, Policy, UnfitModel } from "@reelhouse/rl-model-runner";
import { findGame, Mistake, type Player, playAll } from "./crowd.ts";
import { type Options, parse } from "./options.ts";
import { policyBehaviour } from "./policy.ts";
import { Progress } from "./progress.ts";
import { report } from "./table.ts";

/** What can go wrong that is no fault of this program: told in its own words, without a trace. */
const EXPECTED = [Mistake, Refused, Unexpected, Unreachable, UnfitModel];

async function main(options: Options): Promise<void> {
  const house = new Reelhouse({ url: options.url, ...(options.key ? { key: options.key } : {}) });
  await house.check();
  const game = await findGame(house, options.game);
  const player = await playerOf(house, game, options);
  const progress = new Progress(options.sessions, process.stderr);
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  const start = performance.now();
  const tally = await playAll(house, game, player, options, progress, controller.signal).finally(() =>
    progress.clear(),
  );
  const elapsed = performance.now() - start;
  const { policy } = options;
  const name = policy.kind === "behaviour" ? policy.name : policy.path;
  if (options.json)
    process.stdout.write(`${JSON.stringify({ game: game.name, policy: name, ...tally.summary })}\n`);
  else process.stdout.write(report(`${game.name}, played by ${name}`, tally.summary, elapsed));
}

async function playerOf(house: Reelhouse, game: Game, { policy }: Options): Promise<Player> {
  if (policy.kind === "behaviour") return (seed) => behaviour(policy.name, seed);
  const encoder = new Encoder(await house.spaces(game.game_id));
  const model = await Policy.load(policy.path, encoder.shape);
  return () => policyBehaviour(policy.path, model, encoder);
}

main(parse(process.argv.slice(2))).catch((error: unknown) => {
  const known = error instanceof Error && EXPECTED.some((kind) => error instanceof kind);
  process.stderr.write(
    `${known ? (error as Error).message : error instanceof Error ? error.stack : error}\n`,
  );
  process.exitCode = 1;
});

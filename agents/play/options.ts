// The command line of `npm start`.

import { type RewardName, units } from "@reelhouse/client";
import { BEHAVIOURS, type BehaviourName } from "@reelhouse/planner";
import { Command, InvalidArgumentError, Option } from "commander";

/** Who chooses: a behaviour, or a model's file. */
export type Policy = { kind: "behaviour"; name: BehaviourName } | { kind: "onnx"; path: string };

export interface Options {
  url: string;
  key?: string;
  sessions: number;
  policy: Policy;
  game?: string;
  seed: string;
  concurrency: number;
  balance: string;
  dailyLimit?: string;
  fee: string;
  maxBet?: string;
  maxSteps: number;
  reward: RewardName;
  training: boolean;
  json: boolean;
}

/** The program's options. Wrong ones end the program with what is wrong, unless `exit` is false: then they throw. */
export function parse(args: readonly string[], exit = true): Options {
  const program = command();
  if (!exit) program.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  return program.parse(args, { from: "user" }).opts<Options>();
}

const REWARDS: readonly RewardName[] = ["net", "net_per_stake", "log_bankroll", "spins"];

function command(): Command {
  return new Command("npm start --")
    .description("Plays many sessions of simulated slots at a running Reelhouse server.")
    .addOption(new Option("--url <url>", "the server").env("REELHOUSE_URL").default("http://127.0.0.1:8080"))
    .addOption(new Option("--key <key>", "an API key, when the server asks for one").env("REELHOUSE_KEY"))
    .option("-n, --sessions <count>", "how many sessions", count, 100)
    .requiredOption("-p, --policy <policy>", `${BEHAVIOURS.join(", ")}, or onnx:PATH`, policy)
    .option("-g, --game <name or id>", "the game; the catalogue's first unless given")
    .option("-s, --seed <text>", "fixes the agents' own chance and the client seeds", "1")
    .option("-c, --concurrency <count>", "how many sessions at once", count, 8)
    .option("--balance <amount>", "what each session's wallet opens with", money, "100.00")
    .option("--daily-limit <amount>", "what each wallet may spend in a day", money)
    .option("--fee <amount>", "what each paid spin costs beside its stake", money, "0")
    .option("--max-bet <amount>", "the largest stake of each session", money)
    .option("--max-steps <count>", "leave a session after so many actions", count, 200)
    .addOption(new Option("--reward <name>", "what the record's rewards are").choices(REWARDS).default("net"))
    .option("--training", "draw by the seed, so that the same command gives the same play; not fair", false)
    .option("--json", "write the summary as JSON", false)
    .addHelpText("after", "\nExample: npm start -- --sessions 100 --policy adaptive --daily-limit 50");
}

function policy(text: string): Policy {
  if (text.startsWith("onnx:") && text.length > "onnx:".length) return { kind: "onnx", path: text.slice(5) };
  const name = BEHAVIOURS.find((known) => known === text);
  if (name) return { kind: "behaviour", name };
  throw new InvalidArgumentError(`one of ${BEHAVIOURS.join(", ")} or onnx:PATH was expected.`);
}

function count(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 1_000_000) return value;
  throw new InvalidArgumentError("a number from 1 to 1000000 was expected.");
}

function money(text: string): string {
  try {
    if (units(text) >= 0n) return text;
  } catch {
    // What is no amount is said below, as a negative one is.
  }
  throw new InvalidArgumentError("an amount such as 12.50 was expected.");
}

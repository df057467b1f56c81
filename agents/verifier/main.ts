// `npm run verify`: checks session proofs in files, offline.

import { readFile } from "node:fs/promises";
import process from "node:process";
import { buffer } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { sentence } from "./fault.ts";
import { type Proven, type Report, verifyProof } from "./verify.ts";

const USAGE = `Usage: npm run verify -- PROOF [PROOF…] [--house-key KEY] [--json]

Checks proofs of sessions (GET /sessions/{id}/proof) from the files alone; - stands for standard input. Every round is
drawn and played again by this program's own engine, and held against the record, the hash chain, the ledger and the
signatures. Without --house-key, the house's public key in 64 hexadecimal digits, a forger who signs with a key of their
own is not told apart from the house.

Ends with 0 when every proof holds, with 1 when one does not, with 2 when one could not be checked.
`;

/** What a run ends with: for one proof, and for several the largest. */
const ENDS = { holds: 0, wrong: 1, unchecked: 2 } as const;

interface Settings {
  files: string[];
  key: string | undefined;
  json: boolean;
}

/** Reads the arguments; a text is what is wrong with them. */
function settings(args: string[]): Settings | string {
  try {
    const options = {
      "house-key": { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const key = values["house-key"];
    if (values.help) return "";
    if (positionals.length === 0) return "name the file of a proof, or - for standard input";
    if (key !== undefined && !/^[0-9a-f]{64}$/.test(key))
      return "--house-key takes 64 lower-case hexadecimal digits";
    return { files: positionals, key, json: values.json ?? false };
  } catch (error) {
    return error instanceof Error ? error.message : `${error}`;
  }
}

/** The text of a file. Bytes that are no UTF-8 become characters that no proof has. */
async function textOf(file: string): Promise<string> {
  const bytes = await (file === "-" ? buffer(process.stdin) : readFile(file));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function endOf(report: Report): number {
  if (report.ok) return ENDS.holds;
  return report.fault.kind === "unsupported" ? ENDS.unchecked : ENDS.wrong;
}

function told(file: string, report: Report): string {
  if (report.ok) return proven(file, report);
  const verdict = {
    wrong: "does not hold",
    unreadable: "is no session proof",
    unsupported: "cannot be checked by this program",
  }[report.fault.kind];
  const lines = report.faults.map((fault) => `  ${sentence(fault)}`);
  return [`${file} ${verdict}`, ...lines, ""].join("\n");
}

function proven(file: string, report: Proven): string {
  const draws = report.training
    ? "draws by a seed that the caller chose: no chance"
    : "every draw as committed to";
  const rows: [string, string][] = [
    ["Session", `${report.session_id}, ${report.state}`],
    ["Events", `${report.events}, every one played again, the hash chain whole`],
    ["Seeds", `${report.seeds} revealed, ${draws}`],
    ["Ledger", `${report.entries} entries, as the events caused them`],
    ["Spins", `${report.spins}, ${report.free_games} free games, ${report.probe_spins} demo spins`],
    ["Wagered", report.wagered],
    ["Won", report.won],
    ["Fees", report.fees],
    ["Game", report.fingerprint],
    [
      "Signed by",
      `${report.public_key}${report.key_expected ? ", the house" : ", whose key this is was not checked"}`,
    ],
  ];
  return [`${file} holds`, ...rows.map(([name, value]) => `  ${name.padEnd(10)}${value}`), ""].join("\n");
}

async function run({ files, key, json }: Settings): Promise<number> {
  let end: number = ENDS.holds;
  for (const file of files) {
    const text = await textOf(file).catch((error: Error) => error);
    if (typeof text !== "string") {
      process.stderr.write(`${file} cannot be read: ${text.message}\n`);
      end = ENDS.unchecked;
      continue;
    }
    const report = await verifyProof(text, { publicKey: key });
    process.stdout.write(json ? `${JSON.stringify({ file, ...report })}\n` : told(file, report));
    end = Math.max(end, endOf(report));
  }
  return end;
}

const asked = settings(process.argv.slice(2));
if (typeof asked === "string") {
  if (asked === "") process.stdout.write(USAGE);
  else process.stderr.write(`${asked}\n\n${USAGE}`);
  process.exitCode = asked === "" ? ENDS.holds : ENDS.unchecked;
} else {
  process.exitCode = await run(asked);
}

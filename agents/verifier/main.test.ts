// The command: what it says, and what it ends with.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { documentOf, resigned, textOf } from "../testing/forge.ts";

const AGENTS = join(import.meta.dirname, "..");
const PROOF = join(AGENTS, "../docs/vectors/session-proof.json");
const folder = mkdtempSync(join(tmpdir(), "reelhouse-verifier-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: string[], input = "") {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "verifier/main.ts", ...args],
    { cwd: AGENTS, input, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

/** A file with a changed copy of the proof. */
function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("a proof that holds ends with 0", () => {
  const { status, stdout } = run([PROOF]);
  expect(stdout).toContain("holds\n");
  expect(stdout).toContain("whose key this is was not checked");
  expect(status).toBe(0);
});

test("the house's key is checked if it is given", () => {
  const key = documentOf(readFileSync(PROOF, "utf8")).head.public_key;
  const holds = run(["--house-key", key, PROOF]);
  expect(holds).toMatchObject({ status: 0, stdout: expect.stringContaining(`${key}, the house`) });
  const other = run(["--house-key", "ab".repeat(32), PROOF]);
  expect(other).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("/head/public_key: expected abab"),
  });
});

test("one that does not hold ends with 1, and says where and why", () => {
  const document = documentOf(readFileSync(PROOF, "utf8"));
  document.events[3].result.payout = "77.0000";
  const { status, stdout } = run([PROOF, file("lie.json", resigned(document)), "--json"]);
  const [holds, lie] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(holds).toMatchObject({ file: PROOF, ok: true });
  expect(lie.fault).toEqual({
    kind: "wrong",
    seq: 4,
    pointer: "/result/payout",
    expected: '"5.0000"',
    found: '"77.0000"',
  });
  expect(status).toBe(1);
  const told = run([join(folder, "lie.json")]).stdout;
  expect(told).toContain('event 4 /result/payout: expected "5.0000", found "77.0000"');
});

test("bytes that are no proof end with 1", () => {
  expect(run([file("bytes", Buffer.from([0xff, 0xfe, 0x00]))])).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("is no session proof"),
  });
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), readFileSync(PROOF)]);
  expect(run([file("marked", marked)]).status).toBe(1);
});

test("what cannot be checked ends with 2", () => {
  expect(run([join(folder, "missing.json")])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("cannot be read"),
  });
  const later = documentOf(readFileSync(PROOF, "utf8"));
  later.version = 9;
  expect(run([file("later.json", textOf(later))])).toMatchObject({
    status: 2,
    stdout: expect.stringContaining("cannot be checked by this program"),
  });
  expect(run([])).toMatchObject({ status: 2, stderr: expect.stringContaining("name the file") });
  expect(run(["--nonsense", PROOF]).status).toBe(2);
  expect(run(["--house-key", "ab", PROOF]).status).toBe(2);
});

test("standard input, and help", () => {
  expect(run(["-"], readFileSync(PROOF, "utf8")).status).toBe(0);
  expect(run(["--help"])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("Usage: npm run verify"),
  });
});

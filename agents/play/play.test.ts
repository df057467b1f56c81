// `npm start`, as a person runs it.

import { spawn } from "node:child_process";
import { resolve } from "node:path";
import process from "node:process";
import { describe, expect, inject, test } from "vitest";
import { all, house } from "../testing/world.ts";
import { parse } from "./options.ts";
import { bar } from "./progress.ts";
import { table } from "./table.ts";

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the program to its end. */
function start(...args: string[]): Promise<Ended> {
  const folder = resolve(import.meta.dirname, "..");
  const child = spawn(process.execPath, ["--import", "tsx", "play/main.ts", ...args], { cwd: folder });
  const ended: Ended = { code: null, out: "", err: "" };
  child.stdout.on("data", (data) => (ended.out += data));
  child.stderr.on("data", (data) => (ended.err += data));
  return new Promise((fulfil, fail) => {
    child.once("error", fail);
    child.once("close", (code) => fulfil({ ...ended, code }));
  });
}

describe("npm start", () => {
  test("plays its sessions and tells what they came to", async () => {
    const url = inject("url");
    const args = ["--url", url, "--sessions", "6", "--concurrency", "3", "--max-steps", "5"];
    const { code, out, err } = await start(
      ...args,
      "--policy",
      "aggressive",
      "--game",
      "fruit-5x3",
      "--fee",
      "0.01",
      "--json",
    );
    expect(err).toBe("");
    expect(code).toBe(0);
    const summary = JSON.parse(out);
    expect(summary).toMatchObject({ sessions: 6, game: "fruit-5x3", policy: "aggressive" });
    const played = (await all(house().sessions())).filter(
      ({ player_profile }) => player_profile.behavior === "aggressive",
    );
    const ours = played.filter(({ fairness }) => /^1\/\d$/.test(fairness.client_seed));
    expect(ours.every(({ state }) => state === "completed")).toBe(true);
    expect(ours.reduce((sum, { last_seq }) => sum + last_seq, 0)).toBe(summary.actions);
    expect(ours.reduce((sum, { metrics }) => sum + Number(metrics.net), 0)).toBeCloseTo(
      Number(summary.net),
      4,
    );
  });

  test("writes a table for people", async () => {
    const { code, out } = await start(
      "--url",
      inject("url"),
      "-n",
      "1",
      "-p",
      "conservative",
      "--max-steps",
      "2",
    );
    expect(code).toBe(0);
    expect(out).toMatch(/played by conservative\n\n {2}sessions +1\n/);
    expect(out).toMatch(/ {2}length of a session +\d+\.0000 +– … – +–\n/);
  });

  test("says how to start a server when there is none", async () => {
    const { code, err } = await start("--url", "http://127.0.0.1:9", "--policy", "random");
    expect(code).toBe(1);
    expect(err).toContain("no Reelhouse server answers at http://127.0.0.1:9");
    expect(err).toContain("cargo run --release");
    expect(err).not.toContain("    at ");
  });

  test("names the games there are when one is not", async () => {
    const { code, err } = await start("--url", inject("url"), "--policy", "random", "--game", "none");
    expect(code).toBe(1);
    expect(err).toMatch(/^the server has no game none; it has fruit-5x3, pearl-5x3[^\n]*\n$/);
  });
});

describe("the options", () => {
  const read = (...args: string[]) => parse(args, false);

  test("have what most people want as defaults", () => {
    expect(read("--policy", "random")).toMatchObject({
      sessions: 100,
      concurrency: 8,
      policy: { kind: "behaviour", name: "random" },
      seed: "1",
      balance: "100.00",
      maxSteps: 200,
      json: false,
    });
    expect(read("-p", "onnx:a/b.onnx").policy).toEqual({ kind: "onnx", path: "a/b.onnx" });
  });

  test.each([
    [[], /required option.*--policy/],
    [["-p", "onnx:"], /onnx:PATH was expected/],
    [["-p", "random", "-n", "0"], /from 1 to 1000000/],
    [["-p", "random", "-n", "1e3"], /from 1 to 1000000/],
    [["-p", "random", "--balance", "ten"], /amount such as 12.50/],
    [["-p", "random", "--fee", "-1"], /amount such as 12.50/],
    [["-p", "random", "--sesions", "3"], /unknown option.*--sessions/s],
  ])("%j are refused", (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});

test("a table's columns stand under each other", () => {
  expect(
    table([
      ["a", "10"],
      ["long", "7", "x"],
    ]),
  ).toBe("  a     10\n  long   7  x");
});

test("a bar fills as sessions are done", () => {
  expect(bar(0, 10)).toBe(`[${"-".repeat(30)}]  0/10 sessions`);
  expect(bar(5, 10)).toBe(`[${"#".repeat(15)}${"-".repeat(15)}]  5/10 sessions`);
  expect(bar(10, 10)).toBe(`[${"#".repeat(30)}]  10/10 sessions`);
});

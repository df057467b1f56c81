// Starts the real server on a database of its own, for tests.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";

const ROOT = resolve(import.meta.dirname, "../..");
/** The longest that the server may take to greet, in milliseconds. */
const PATIENCE = 120_000;

/** A server that is running. */
export interface Server {
  url: string;
  stop(): Promise<void>;
}

/** The server's program: REELHOUSE_BIN, else the debug build, which cargo makes or renews with `reel` beside it. */
export function program(): string {
  const given = process.env.REELHOUSE_BIN;
  if (given) {
    if (!existsSync(given)) throw new Error(`REELHOUSE_BIN names ${given}, which is not there`);
    return resolve(given);
  }
  execFileSync("cargo", ["build", "--quiet", "-p", "reelhouse-app", "-p", "reelhouse-cli"], {
    cwd: ROOT,
    stdio: "inherit",
  });
  return join(resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target"), "debug", "reelhouse");
}

/** The command line, which stands beside the server's program. */
export function reel(): string {
  const beside =
    process.env.REELHOUSE_BIN ?? join(resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target"), "debug", "_");
  const path = join(dirname(resolve(beside)), "reel");
  if (!existsSync(path)) throw new Error(`${path} is not there: cargo build -p reelhouse-cli`);
  return path;
}

/** Starts a server that listens on a port of its own choice, or on the one given. */
export async function start(options: { port?: number; folder?: string } = {}): Promise<Server> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "reelhouse-")));
  const database = `sqlite://${join(folder, "house.db")}`;
  const listen = `127.0.0.1:${options.port ?? 0}`;
  const child = spawn(program(), ["--listen", listen, "--database-url", database, "--log", "warn"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await greeting(child);
  return {
    url,
    async stop() {
      await ended(child);
      if (!options.folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The address in the line that the server prints when it listens. */
function greeting(child: ChildProcess): Promise<string> {
  return new Promise((fulfil, fail) => {
    const timer = setTimeout(() => fail(new Error("the server did not greet in time")), PATIENCE);
    child.once("error", fail);
    child.once("exit", (code) => fail(new Error(`the server ended with ${code} before it listened`)));
    if (!child.stdout) throw new Error("the server has no output");
    createInterface(child.stdout).on("line", (line) => {
      const url = /listens on (http:\/\/\S+)/.exec(line)?.[1];
      if (!url) return;
      clearTimeout(timer);
      fulfil(url);
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((fulfil) => {
    child.once("exit", () => fulfil());
    child.kill("SIGTERM");
  });
}

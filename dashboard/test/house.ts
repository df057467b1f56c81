// What the tests of the pages have: a server of their own, a browser, and play to look at.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { Reelhouse } from "@client/client.ts";
import type { Action, Session } from "@client/types.ts";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { type Server, start } from "../../agents/testing/server.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser's program: CHROMIUM, or what is on PATH. */
function program(): string {
  const places = (process.env.PATH ?? "").split(delimiter);
  const found =
    process.env.CHROMIUM ??
    NAMES.flatMap((name) => places.map((place) => join(place, name))).find(existsSync);
  if (!found) throw new Error("Chromium was not found: install it, or set CHROMIUM to its program");
  return found;
}

export interface House {
  server: Server;
  client: Reelhouse;
  browser: Browser;
}

/** A server and a browser for the tests of a file. */
export function house(): House {
  const made = {} as House;
  beforeAll(async () => {
    made.server = await start();
    made.client = new Reelhouse({ url: made.server.url });
    // A container has no namespaces for Chromium's sandbox, and the pages are our own.
    made.browser = await chromium.launch({ executablePath: program(), args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await made.browser?.close();
    await made.server?.stop();
  });
  return made;
}

/** A session of a reference game that played so many rounds. */
export async function played(client: Reelhouse, rounds: number, name = "fruit-5x3"): Promise<Session> {
  let session = await opened(client, name);
  for (let round = 0; round < rounds || session.state === "free_games"; round += 1) {
    const action: Action =
      session.state === "free_games" ? { type: "spin" } : { type: "spin", amount: "1.00" };
    session = (await client.act(session.session_id, action)).session;
  }
  return session;
}

/** A fresh session with 1000 credits. */
export async function opened(client: Reelhouse, name = "fruit-5x3"): Promise<Session> {
  const wallet = await client.createWallet({ balance: "1000.00", daily_limit: "900.00" });
  for await (const game of client.games()) {
    if (game.name !== name) continue;
    return client.createSession({ game_id: game.game_id, wallet_id: wallet.wallet_id, client_seed: "lucky" });
  }
  throw new Error(`there is no game ${name}`);
}

export async function cashedOut(client: Reelhouse, rounds: number): Promise<Session> {
  const { session_id } = await played(client, rounds);
  return (await client.act(session_id, { type: "cash_out" })).session;
}

/** A page that fails the test for what a visitor would not see: errors in the console, and requests to elsewhere. */
export async function visit(
  { browser, server }: House,
  place: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  page.on("console", (message) => {
    // A refusal that a page shows is in the console too.
    const refused = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !refused) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.url))
      complaints.push(request.url());
  });
  await page.goto(`${server.url}/#/${place}`);
  await page.waitForSelector("main h1");
  return { page, complaints };
}

/** Whether the page is wider than its window. */
export async function expectFits(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(over, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0);
}

// The pages in a browser, against a server.

import { readFile } from "node:fs/promises";
import { Reelhouse } from "@client/client.ts";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { start } from "../../agents/testing/server.ts";
import { cashedOut, expectFits, house, opened, played, visit } from "./house.ts";

const at = house();
const PHONE = { width: 390, height: 844 };

test("a house that is new says what to do first", async () => {
  const { page, complaints } = await visit(at, "sessions");
  await page.getByText("Nobody has played yet.").waitFor();
  await page.goto(`${at.server.url}/#/wallets`);
  await page.getByText("There is no wallet yet.").waitFor();
  await page.goto(`${at.server.url}/#/games/${await gameId()}/observed`);
  await page.getByText("Nothing was played of this game yet.").waitFor();
  await page.goto(`${at.server.url}/#/sessions/${(await opened(at.client)).session_id}`);
  await page.getByText("The reels have not turned yet.").waitFor();
  await page.goto(`${at.server.url}/#/nowhere`);
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("every page is whole, at phone width, in light and dark, and asks nobody else", async () => {
  const session = await cashedOut(at.client, 30);
  const places = [
    "games",
    `games/${session.game_id}`,
    `games/${session.game_id}/observed`,
    "sessions",
    `sessions/${session.session_id}`,
    "wallets",
    `wallets/${session.current_wallet_id}`,
    "play",
    `play/${session.session_id}`,
    "verify",
    `verify?session=${session.session_id}`,
  ];
  for (const colorScheme of ["light", "dark"] as const) {
    const { page, complaints } = await visit(at, "games", { viewport: PHONE, colorScheme });
    for (const place of places) {
      await page.goto(`${at.server.url}/#/${place}`);
      await page.waitForFunction(() => !document.querySelector(".waiting"));
      expect(await page.locator("main h1").count(), place).toBe(1);
      expect(await page.locator(".trouble").count(), place).toBe(0);
      expect(await page.title(), place).toMatch(/ – Reelhouse$/);
      await expectFits(page);
    }
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(brightness(paper) > 128).toBe(colorScheme === "light");
    expect(complaints).toEqual([]);
    await page.close();
  }
});

test("a game shows the figures of its PAR sheet", async () => {
  const { page } = await visit(at, `games/${await gameId()}`);
  await page.getByText("95.6556 %").waitFor();
  await page.getByText("1868274/1953125").waitFor();
  const row = page.getByRole("row", { name: /seven/ }).first();
  expect(await row.textContent()).toMatch(/100.*1.000.*5.000/);
  await page.close();
});

test("a session is followed while it is played", async () => {
  const session = await played(at.client, 3);
  const { page, complaints } = await visit(at, `sessions/${session.session_id}`);
  await page.getByText("last: event 3").waitFor();
  await at.client.act(session.session_id, { type: "spin", amount: "2.00" });
  await page.getByText("last: event 4").waitFor();
  await page.getByRole("button", { name: "Spin for 2.00" }).waitFor();
  const shown = await reels(page);
  let last = "";
  for await (const event of at.client.events(session.session_id))
    last = labelOf(event.result.symbols as string[][]);
  expect(shown).toBe(last);
  await page.getByRole("button", { name: "Spin before" }).press("ArrowLeft");
  await page.getByText("event 3", { exact: true }).waitFor();
  await at.client.act(session.session_id, { type: "cash_out" });
  await page.getByText("Cashed out").waitFor();
  await page.getByRole("link", { name: "Verify" }).last().waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("one plays by hand, with the keyboard alone, and verifies what was played", async () => {
  const { page, complaints } = await visit(at, "play");
  await page.getByRole("button", { name: "Use a new wallet" }).press("Enter");
  await page.getByLabel("Opening balance").fill("20");
  await page.getByLabel(/^Daily limit/).press("Enter");
  await page.getByRole("button", { name: "Start the session" }).press("Enter");
  const spin = page.getByRole("button", { name: "Spin", exact: true });
  await spin.press("Enter");
  await page.getByText("Spin for 1.00:").waitFor();
  await page.getByLabel("Stake", { exact: true }).fill("0.07");
  await spin.press("Enter");
  await page.getByText("invalid_stake").waitFor();
  await page.getByRole("button", { name: "Higher stake" }).press("Enter");
  await page.getByRole("button", { name: "Cash out" }).press("Enter");
  await page.getByRole("link", { name: "Verify it" }).press("Enter");
  await page.getByText("The proof holds.").waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a changed proof does not hold, and what is no proof is called so", async () => {
  const { session_id } = await cashedOut(at.client, 5);
  const proof = await (await fetch(`${at.server.url}/sessions/${session_id}/proof`)).text();
  const { page, complaints } = await visit(at, "verify");
  const give = (text: string) =>
    page.setInputFiles("input[type=file]", {
      name: "p.json",
      mimeType: "application/json",
      buffer: Buffer.from(text),
    });
  await give(proof);
  await page.getByText("The proof holds.").waitFor();
  await give(proof.replace(/"stops":\[(\d+)/, (_, stop) => `"stops":[${(Number(stop) + 1) % 25}`));
  await page.getByText("The proof does not hold.").waitFor();
  await give("no proof");
  await page.getByText("This is no proof.").waitFor();
  await page.getByPlaceholder("session id").fill("00000000-0000-7000-8000-000000000000");
  await page.getByRole("button", { name: "Fetch and check" }).click();
  await page.getByText("not_found").waitFor();
  expect(complaints).toEqual([]);
  await page.close();
});

test("a wallet shows its ledger and takes operations", async () => {
  const session = await played(at.client, 2);
  const { page } = await visit(at, `wallets/${session.current_wallet_id}`);
  await page.getByLabel("Amount").fill("12.5");
  await page.getByRole("button", { name: "Do it" }).click();
  await page.getByRole("cell", { name: "+12.50" }).waitFor();
  await page.getByLabel("Amount").fill("-1");
  await page.getByRole("button", { name: "Do it" }).click();
  await page.getByText("invalid_amount").waitFor();
  await page.close();
});

test("a key that is asked for is kept in the tab and sent", async () => {
  const locked = await start();
  try {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ name: "dashboard", role: "admin" });
    const { token } = await (await fetch(`${locked.url}/keys`, { method: "POST", headers, body })).json();
    const page = await at.browser.newPage();
    const give = async (key: string) => {
      await page.getByLabel("Key").fill(key);
      await page.getByLabel("Key").press("Enter");
    };
    await page.goto(`${locked.url}/#/games`);
    await page.getByRole("heading", { name: "This server asks for a key" }).waitFor();
    await give("reel_wrong");
    await page.getByText("The server did not take the key").waitFor();
    await give(token);
    await page.getByRole("link", { name: "fruit-5x3" }).waitFor();
    await page.reload();
    await page.getByRole("link", { name: "fruit-5x3" }).waitFor();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("reel_");
    const session = await played(new Reelhouse({ url: locked.url, key: token }), 2);
    await page.goto(`${locked.url}/#/sessions/${session.session_id}`);
    await page.getByText("last: event 2").waitFor();
    await page.getByRole("button", { name: "Forget the key" }).click();
    await page.getByRole("heading", { name: "This server asks for a key" }).waitFor();
    await page.close();
  } finally {
    await locked.stop();
  }
});

test("a theme is chosen and kept", async () => {
  const { page } = await visit(at, "games", { colorScheme: "light" });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.getByRole("button", { name: /^Theme: system/ }).click();
  await page.getByRole("button", { name: /^Theme: light/ }).click();
  expect(brightness(await paper())).toBeLessThan(128);
  await page.reload();
  await page.waitForSelector("main h1");
  expect(brightness(await paper())).toBeLessThan(128);
  await page.close();
});

test("what is built has no address of another host", async () => {
  for (const name of ["index.html", "assets/app.js", "assets/app.css", "assets/verify.js"]) {
    const text = await readFile(new URL(`../dist/${name}`, import.meta.url), "utf8");
    const hosts = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(([host]) => host);
    // The names of XML's vocabularies look like addresses; nothing is fetched from there.
    expect(
      hosts.filter((host) => host !== "http://www.w3.org"),
      name,
    ).toEqual([]);
  }
});

async function gameId(): Promise<string> {
  for await (const game of at.client.games()) if (game.name === "fruit-5x3") return game.game_id;
  throw new Error("the reference games are missing");
}

async function reels(page: Page): Promise<string> {
  return (await page.locator(".reels").getAttribute("aria-label")) ?? "";
}

function labelOf(symbols: string[][]): string {
  return symbols.map((reel, index) => `Reel ${index + 1}: ${reel.join(", ")}`).join(". ");
}

/** The mean of red, green and blue. */
function brightness(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (r + g + b) / 3;
}

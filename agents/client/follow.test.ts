// The event stream of a real server, also over its restart.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { start } from "../testing/server.ts";
import { all, house, openSession } from "../testing/world.ts";
import { Reelhouse } from "./client.ts";

test("brings events as they happen, and ends with the session", async () => {
  const of = house();
  const { session_id } = await openSession(of);
  const following = all(of.follow(session_id));
  for (let at = 0; at < 5; at += 1) await of.act(session_id, { type: "probe", spins: 1 });
  await of.act(session_id, { type: "cash_out" });
  const followed = await following;
  expect(followed.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(followed).toEqual(await all(of.events(session_id)));
  expect((await all(of.follow(session_id, { after: 4 }))).map(({ seq }) => seq)).toEqual([5, 6]);
});

test("goes on where it was when the server is started again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "reelhouse-"));
  let server = await start({ folder });
  try {
    const of = new Reelhouse({ url: server.url });
    const { session_id } = await openSession(of);
    const seen: number[] = [];
    const following = (async () => {
      for await (const { seq } of of.follow(session_id, { attempts: 100 })) seen.push(seq);
    })();
    for (let at = 0; at < 3; at += 1) await of.act(session_id, { type: "probe", spins: 1 });
    await expect.poll(() => seen.length, { timeout: 60_000 }).toBe(3);
    await server.stop();
    server = await start({ folder, port: Number(new URL(server.url).port) });
    await of.act(session_id, { type: "probe", spins: 1 });
    await of.act(session_id, { type: "cash_out" });
    await following;
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test("of a session that is not there is refused", async () => {
  const following = all(house().follow("01976e3c-9f00-7abc-8000-000000000001"));
  await expect(following).rejects.toMatchObject({ code: "not_found" });
});

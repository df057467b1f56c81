// What is tried again, with which key and after how long.

import { describe, expect, test } from "vitest";
import { type RetryOptions, retryAfter, retrying } from "./retry.ts";

/** A server that gives the answers in turn, and what it saw. */
function scripted(answers: (Response | Error)[], options: RetryOptions = {}) {
  const seen: { key: string | null; body: string }[] = [];
  const slept: number[] = [];
  const send = retrying(
    async (request) => {
      seen.push({ key: request.headers.get("Idempotency-Key"), body: await request.text() });
      const answer = answers[seen.length - 1] ?? new Response("too many requests were sent", { status: 500 });
      if (answer instanceof Error) throw answer;
      return answer;
    },
    {
      random: () => 1,
      now: () => Date.parse("2026-01-01T00:00:00Z"),
      sleep: async (milliseconds) => void slept.push(milliseconds),
      ...options,
    },
  );
  return { send, seen, slept };
}

const post = () => new Request("http://house/wallets", { method: "POST", body: '{"balance":"1"}' });
const busy = (after?: string) =>
  new Response("", { status: 503, headers: after ? { "Retry-After": after } : {} });
const done = () => new Response("{}", { status: 201 });

describe("a request that writes", () => {
  test("keeps its key and its body from try to try", async () => {
    const { send, seen } = scripted([new TypeError("reset"), busy(), done()]);
    expect((await send(post())).status).toBe(201);
    expect(seen).toHaveLength(3);
    expect(seen[0]?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
    expect(new Set(seen.map(({ body }) => body))).toEqual(new Set(['{"balance":"1"}']));
  });

  test("keeps the key that it came with", async () => {
    const { send, seen } = scripted([busy(), done()]);
    await send(new Request(post(), { headers: { "Idempotency-Key": "mine" } }));
    expect(seen.map(({ key }) => key)).toEqual(["mine", "mine"]);
  });

  test("has another key than the next request", async () => {
    const { send, seen } = scripted([done(), done()]);
    await send(post());
    await send(post());
    expect(seen[0]?.key).not.toBe(seen[1]?.key);
  });
});

describe("the delay", () => {
  test("doubles up to the longest", async () => {
    const { send, slept } = scripted([busy(), busy(), busy(), busy(), done()], { maxDelay: 350 });
    await send(post());
    expect(slept).toEqual([100, 200, 350, 350]);
  });

  test("is at least what Retry-After asks for, in seconds or by date", async () => {
    const { send, slept } = scripted([
      busy("2"),
      busy("Thu, 01 Jan 2026 00:00:03 GMT"),
      busy("soon"),
      done(),
    ]);
    await send(post());
    expect(slept).toEqual([2000, 3000, 400]);
  });

  test("that is asked for and too long ends the tries", async () => {
    const { send, seen } = scripted([busy("3600")]);
    expect((await send(post())).status).toBe(503);
    expect(seen).toHaveLength(1);
  });
});

test("the last answer or error is passed on", async () => {
  const answered = scripted([busy(), busy()], { attempts: 2 });
  expect((await answered.send(post())).status).toBe(503);
  const broken = scripted([new TypeError("first"), new TypeError("second")], { attempts: 2 });
  await expect(broken.send(post())).rejects.toThrow("second");
});

test("a refusal is not tried again", async () => {
  for (const status of [400, 404, 409, 422, 500]) {
    const { send, seen } = scripted([new Response("", { status })]);
    expect((await send(post())).status).toBe(status);
    expect(seen).toHaveLength(1);
  }
});

test("a read gets no key", async () => {
  const { send, seen } = scripted([busy(), done()]);
  await send(new Request("http://house/games"));
  expect(seen.map(({ key }) => key)).toEqual([null, null]);
});

test("a caller's own abort is not tried again", async () => {
  const controller = new AbortController();
  const { send, seen } = scripted([new TypeError("aborted"), done()]);
  controller.abort();
  await expect(send(new Request(post(), { signal: controller.signal }))).rejects.toThrow();
  expect(seen.length).toBeLessThanOrEqual(1);
});

test("Retry-After is read as seconds or a date", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  expect(retryAfter(null, now)).toBeNull();
  expect(retryAfter("0", now)).toBe(0);
  expect(retryAfter("7", now)).toBe(7000);
  expect(retryAfter("Wed, 31 Dec 2025 23:00:00 GMT", now)).toBe(0);
  expect(retryAfter("-1x", now)).toBeNull();
});

// The event stream: in order, each event once, taken up again after a break.

import { describe, expect, test } from "vitest";
import { all } from "../testing/world.ts";
import { Refused, Unexpected, Unreachable } from "./errors.ts";
import { type FollowOptions, follow } from "./events.ts";

const message = (seq: number) => `id: ${seq}\ndata: {"seq":${seq}}\n\n`;
const END = "event: end\ndata: {}\n\n";

/** A server that gives the bodies in turn, and the Last-Event-ID of each request. */
function scripted(bodies: (string | Response | Error)[]) {
  const ids: (string | null)[] = [];
  const run = async (options: FollowOptions = {}) => {
    const send = async (request: Request) => {
      ids.push(request.headers.get("Last-Event-ID"));
      const body = bodies[ids.length - 1] ?? new TypeError("refused");
      if (body instanceof Error) throw body;
      return body instanceof Response ? body : new Response(body);
    };
    const events = await all(follow(send, "http://house/stream", { sleep: async () => {}, ...options }));
    return events.map(({ seq }) => seq);
  };
  return { ids, run };
}

describe("a stream", () => {
  test("ends with the server's end event", async () => {
    const { ids, run } = scripted([`: heartbeat\n\n${message(1)}${message(2)}${END}${message(3)}`]);
    expect(await run()).toEqual([1, 2]);
    expect(ids).toEqual([null]);
  });

  test("that breaks off goes on from the last event, without a gap or a double", async () => {
    const half = `${message(2)}id: 3\ndata: {"se`;
    const { ids, run } = scripted([message(1), half, new TypeError("reset"), message(2) + message(3), END]);
    expect(await run()).toEqual([1, 2, 3]);
    expect(ids).toEqual([null, "1", "2", "2", "3"]);
  });

  test("with a gap is read again", async () => {
    const { ids, run } = scripted([message(1) + message(3), message(2) + message(3) + END]);
    expect(await run()).toEqual([1, 2, 3]);
    expect(ids).toEqual([null, "1"]);
  });

  test("begins after the event that is asked for", async () => {
    const { ids, run } = scripted([message(8) + END]);
    expect(await run({ after: 7 })).toEqual([8]);
    expect(ids).toEqual(["7"]);
  });

  test("ends when the caller aborts it", async () => {
    const controller = new AbortController();
    const { run } = scripted([new TypeError("aborted")]);
    controller.abort();
    expect(await run({ signal: controller.signal })).toEqual([]);
  });
});

describe("a stream fails", () => {
  test("at once when it is refused", async () => {
    const problem = { code: "not_found", status: 404, detail: "none", title: "", type: "" };
    const { ids, run } = scripted([Response.json(problem, { status: 404 })]);
    await expect(run()).rejects.toBeInstanceOf(Refused);
    expect(ids).toHaveLength(1);
  });

  test("after so many connections in a row that bring nothing", async () => {
    const unreachable = scripted([]);
    await expect(unreachable.run({ attempts: 3 })).rejects.toBeInstanceOf(Unreachable);
    expect(unreachable.ids).toHaveLength(3);
    const strange = scripted(Array.from({ length: 3 }, () => new Response("?", { status: 500 })));
    await expect(strange.run({ attempts: 3 })).rejects.toBeInstanceOf(Unexpected);
    const empty = scripted(["", "", ""]);
    await expect(empty.run({ attempts: 3 })).rejects.toBeInstanceOf(Unreachable);
  });
});

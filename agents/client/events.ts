// The stream of a session's events (server-sent events), taken up again where it broke off.

import { EventSourceParserStream } from "eventsource-parser/stream";
import { Refused, Unexpected, Unreachable } from "./errors.ts";
import { type Send, wait } from "./retry.ts";
import type { Event, Problem } from "./types.ts";

export interface FollowOptions {
  /** The `seq` after which to begin; 0, the session's first event, unless given. */
  after?: number;
  /** Ends the stream. */
  signal?: AbortSignal;
  /** How many connections in a row may fail before the stream does; 8 unless given. */
  attempts?: number;
  /** Waits for so many milliseconds. */
  sleep?: (milliseconds: number) => Promise<unknown>;
}

/** The delay after the first broken connection, in milliseconds, and the longest of all. */
const FIRST_DELAY = 100;
const LONGEST_DELAY = 5_000;

/**
 * Follows a stream to its end, which the server marks with an event named `end`. A connection that breaks is made again
 * with `Last-Event-ID`, so that every event comes once and in order.
 */
export async function* follow(send: Send, url: string, options: FollowOptions): AsyncGenerator<Event> {
  const { attempts = 8, sleep = wait, signal } = options;
  let last = options.after ?? 0;
  for (let failures = 0; ; ) {
    try {
      for await (const message of connection(send, url, last, signal)) {
        if (message === "end") return;
        failures = 0;
        if (message.seq <= last) continue;
        if (message.seq !== last + 1) throw new Gap(`event ${last + 1} of ${url} is missing`);
        last = message.seq;
        yield message;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof Refused && error.status !== 503 && error.status !== 429) throw error;
      if (failures + 1 >= attempts) throw error instanceof TypeError ? new Unreachable(url, error) : error;
    }
    failures += 1;
    if (failures >= attempts) throw new Unreachable(url, new Error("the stream breaks off again and again"));
    await sleep(Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (failures - 1)));
  }
}

/** The server left an event out: the connection is given up and made again. */
class Gap extends Unexpected {}

/** What one connection brings, until it breaks off or ends. */
async function* connection(
  send: Send,
  url: string,
  last: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Event | "end"> {
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (last > 0) headers["last-event-id"] = String(last);
  const response = await send(new Request(url, signal ? { headers, signal } : { headers }));
  if (!response.ok || !response.body) throw await refusal(response);
  const messages = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const message of pieces(messages)) {
    if (message.event === "end") yield "end";
    else yield JSON.parse(message.data) as Event;
  }
}

/** What a stream brings, piece by piece: not every browser can iterate over a stream itself. */
async function* pieces<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function refusal(response: Response): Promise<Error> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === "object" && body !== null && "code" in body) return new Refused(body as Problem);
  return new Unexpected(`${response.url} answered ${response.status} in place of a stream`);
}

// The client: one method for each call that agents make, over the typed fetch.

import createFetchClient, { type Client } from "openapi-fetch";
import { Refused, Unexpected, Unreachable } from "./errors.ts";
import { type FollowOptions, follow } from "./events.ts";
import { type RetryOptions, retrying, type Send } from "./retry.ts";
import type { paths } from "./schema.d.ts";
import type {
  Action,
  ActionAnswer,
  Event,
  Game,
  NewOperation,
  NewSession,
  NewSteps,
  NewWallet,
  OperationAnswer,
  Problem,
  RlFilter,
  RlMetrics,
  Session,
  Spaces,
  Step,
  Steps,
  Wallet,
} from "./types.ts";

export interface Options {
  /** Where the server listens, such as `http://127.0.0.1:8080`. */
  url: string;
  /** An API key, sent as a bearer token. */
  key?: string;
  /** How failures that pass are met. */
  retry?: RetryOptions;
  /** What sends requests, in place of the platform's fetch. */
  send?: Send;
}

/** How many items a page of a list holds. */
const PAGE = 1000;

/** A client of one server. Every method throws `Refused`, `Unreachable` or `Unexpected` when it fails. */
export class Reelhouse {
  /** All the calls that openapi.json has, typed, with the same retries. */
  readonly api: Client<paths>;
  readonly url: string;
  readonly #send: Send;

  constructor(options: Options) {
    this.url = options.url.replace(/\/+$/, "");
    const headers: Record<string, string> = options.key ? { authorization: `Bearer ${options.key}` } : {};
    const plain: Send = options.send ?? ((request) => fetch(request));
    this.#send = (request) => plain(withHeaders(request, headers));
    this.api = createFetchClient<paths>({ baseUrl: this.url, fetch: retrying(this.#send, options.retry) });
  }

  /** Whether a server is there: one short try. */
  async check(): Promise<void> {
    const once = retrying(this.#send, { attempts: 1, timeout: 5_000 });
    const client = createFetchClient<paths>({ baseUrl: this.url, fetch: once });
    await this.#answer(client.GET("/healthz"));
  }

  /** All games, oldest first. */
  games(): AsyncGenerator<Game> {
    return pages((cursor) => this.#answer(this.api.GET("/games", { params: { query: page(cursor) } })));
  }

  game(id: string): Promise<Game> {
    return this.#answer(this.api.GET("/games/{id}", { params: { path: { id } } }));
  }

  /** The observation and action spaces of a game. */
  spaces(gameId: string): Promise<Spaces> {
    return this.#answer(this.api.GET("/rl/spaces", { params: { query: { game_id: gameId } } }));
  }

  /** Takes a step in each of up to 4096 sessions of a game. One that is refused does not keep the others. */
  step(gameId: string, steps: readonly Step[]): Promise<Steps> {
    // The API's description calls an action an object; an index is as good.
    const body = { steps } as unknown as NewSteps;
    return this.#answer(
      this.api.POST("/rl/step", { params: { query: { game_id: gameId } }, body }),
    ) as Promise<Steps>;
  }

  /** The figures of the record, as the server computes them. */
  rlMetrics(filter: RlFilter = {}): Promise<RlMetrics> {
    return this.#answer(this.api.GET("/rl/metrics", { params: { query: filter } }));
  }

  createWallet(body: NewWallet, key?: string): Promise<Wallet> {
    return this.#answer(this.api.POST("/wallets", { body, ...keyOf(key) }));
  }

  wallet(id: string): Promise<Wallet> {
    return this.#answer(this.api.GET("/wallets/{id}", { params: { path: { id } } }));
  }

  /** Deposits, withdraws, or sets the daily limit. */
  operate(id: string, body: NewOperation, key?: string): Promise<OperationAnswer> {
    const call = this.api.POST("/wallets/{id}/operations", { params: { path: { id } }, body, ...keyOf(key) });
    return this.#answer(call);
  }

  createSession(body: NewSession, key?: string): Promise<Session> {
    return this.#answer(this.api.POST("/sessions", { body, ...keyOf(key) }));
  }

  /** All sessions, or those of a game, oldest first. */
  sessions(filter: { game_id?: string } = {}): AsyncGenerator<Session> {
    return pages((cursor) =>
      this.#answer(this.api.GET("/sessions", { params: { query: { ...filter, ...page(cursor) } } })),
    );
  }

  session(id: string): Promise<Session> {
    return this.#answer(this.api.GET("/sessions/{id}", { params: { path: { id } } }));
  }

  /** Acts in a session. The action is durable when the promise is fulfilled. */
  act(id: string, body: Action, key?: string): Promise<ActionAnswer> {
    const call = this.api.POST("/sessions/{id}/action", { params: { path: { id } }, body, ...keyOf(key) });
    // A list of actions would be answered by another body: one action has one event.
    return this.#answer(call) as Promise<ActionAnswer>;
  }

  /** The events of a session that are recorded by now, in order. */
  events(id: string): AsyncGenerator<Event> {
    return pages((cursor) =>
      this.#answer(this.api.GET("/sessions/{id}/events", { params: { path: { id }, query: page(cursor) } })),
    );
  }

  /** The events of a session as they happen, in order and each once, whatever happens to the connection. */
  follow(id: string, options: FollowOptions = {}): AsyncGenerator<Event> {
    return follow(this.#send, `${this.url}/sessions/${encodeURIComponent(id)}/events/stream`, options);
  }

  async #answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
    const { data, error, response } = await call.catch((cause) => {
      throw cause instanceof SyntaxError
        ? new Unexpected(`${this.url} answered no JSON: is it Reelhouse?`)
        : new Unreachable(this.url, cause);
    });
    if (data !== undefined) return data;
    if (isProblem(error)) throw new Refused(error);
    throw new Unexpected(`${response.url} answered ${response.status} without saying why: is it Reelhouse?`);
  }
}

function withHeaders(request: Request, more: Record<string, string>): Request {
  for (const [name, value] of Object.entries(more)) request.headers.set(name, value);
  return request;
}

function keyOf(key: string | undefined): { headers?: Record<string, string> } {
  return key === undefined ? {} : { headers: { "Idempotency-Key": key } };
}

function page(cursor: string | undefined): { limit: number; cursor?: string } {
  return cursor === undefined ? { limit: PAGE } : { limit: PAGE, cursor };
}

async function* pages<T>(
  read: (cursor: string | undefined) => Promise<{ items: T[]; next_cursor?: string | null }>,
): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const { items, next_cursor } = await read(cursor);
    yield* items;
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
}

/** Whether an answer is a problem as the server writes them. */
export function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  const { code, status, detail } = value as Partial<Problem>;
  return typeof code === "string" && typeof status === "number" && typeof detail === "string";
}

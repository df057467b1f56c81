// A fetch that tries again what failed for a while, and never does a write twice.

export interface RetryOptions {
  /** How often a request is sent at most; 6 unless given. */
  attempts?: number;
  /** The longest first delay, in milliseconds; it doubles with each further one. 100 unless given. */
  baseDelay?: number;
  /** The longest delay of all, in milliseconds; 10,000 unless given. A longer Retry-After is not waited for. */
  maxDelay?: number;
  /** How long one try may take, in milliseconds; 30,000 unless given. */
  timeout?: number;
  /** Waits for so many milliseconds. */
  sleep?: (milliseconds: number) => Promise<unknown>;
  /** A number from 0 to 1 that spreads the delays of many clients. */
  random?: () => number;
  /** The present time in milliseconds since 1970. */
  now?: () => number;
}

/** Sends a request: `fetch`, or something in its place. */
export type Send = (request: Request) => Promise<Response>;

/** Answers that say "not now": the request had no effect, or its key makes a second one harmless. */
const PASSING = new Set([408, 429, 502, 503, 504]);
const SAFE = new Set(["GET", "HEAD"]);
const KEY = "Idempotency-Key";

/**
 * Wraps `send`. A request that writes gets an Idempotency-Key, unless it has one, and keeps it from try to try: the server
 * then does it once, whichever answer was lost. The last failure is passed on, an answer or an error.
 */
export function retrying(send: Send, options: RetryOptions = {}): Send {
  const settings = withDefaults(options);
  return async (original) => {
    const request = keyed(original);
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await tried(send, request.clone(), settings.timeout);
      const last = attempt >= settings.attempts || request.signal.aborted;
      const delay = last ? null : delayAfter(outcome, attempt, settings);
      if (delay === null) {
        if (outcome instanceof Response) return outcome;
        throw outcome.error;
      }
      if (outcome instanceof Response) await outcome.body?.cancel();
      await settings.sleep(delay);
    }
  };
}

function withDefaults(options: RetryOptions): Required<RetryOptions> {
  return {
    attempts: 6,
    baseDelay: 100,
    maxDelay: 10_000,
    timeout: 30_000,
    sleep: wait,
    random: Math.random,
    now: Date.now,
    ...options,
  };
}

function keyed(request: Request): Request {
  if (SAFE.has(request.method) || request.headers.has(KEY)) return request;
  const headers = new Headers(request.headers);
  headers.set(KEY, randomKey());
  return new Request(request, { headers });
}

/** A key that no other request has. A browser offers `randomUUID` to pages of secure origins only. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Waits for so many milliseconds. */
export function wait(milliseconds: number): Promise<void> {
  return new Promise((fulfil) => setTimeout(fulfil, milliseconds));
}

/** One try. A Request is not replaced by a signal of its own, so the time limit comes as a second one. */
async function tried(send: Send, request: Request, timeout: number): Promise<Response | { error: unknown }> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeout)]);
  try {
    return await send(new Request(request, { signal }));
  } catch (error) {
    return { error };
  }
}

/** How long to wait before the next try, in milliseconds; null when there is no use in one. */
function delayAfter(
  outcome: Response | { error: unknown },
  attempt: number,
  settings: Required<RetryOptions>,
): number | null {
  const backoff = Math.min(settings.maxDelay, settings.baseDelay * 2 ** (attempt - 1)) * settings.random();
  if (!(outcome instanceof Response)) return backoff;
  if (!PASSING.has(outcome.status)) return null;
  const asked = retryAfter(outcome.headers.get("Retry-After"), settings.now());
  if (asked !== null && asked > settings.maxDelay) return null;
  return Math.max(asked ?? 0, backoff);
}

/** What a Retry-After header asks for, in milliseconds: it holds seconds or a date. Null when it is absent or unreadable. */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

// The server that this page came from, through the client that the agents use too.

import { isProblem, Reelhouse } from "@client/client.ts";
import { Refused, Unreachable } from "@client/errors.ts";
import { batch, createEffect, createMemo, createRoot, createSignal, onCleanup } from "solid-js";

export type * from "@client/types.ts";

/** Where the key is kept: in this tab, until it is closed. */
const STORE = "reelhouse.key";

const [key, setKey] = createSignal(sessionStorage.getItem(STORE) ?? "");
const [locked, setLocked] = createSignal(false);

/** Whether the server asks for a key that we do not have. */
export { key, locked };

/** Calls with this key from now on. */
export function useKey(text: string): void {
  if (text) sessionStorage.setItem(STORE, text);
  else sessionStorage.removeItem(STORE);
  batch(() => {
    setKey(text);
    setLocked(false);
  });
}

/** The client; a new one when the key changes. */
export const client = createRoot(() =>
  createMemo(() => {
    const text = key();
    const send = (request: Request) => fetch(request).then((response) => watched(response, text));
    return new Reelhouse({
      url: location.origin,
      send,
      retry: { attempts: 3 },
      ...(text ? { key: text } : {}),
    });
  }),
);

/** Notes when the server asks for a key; what was asked with another one no longer matters. */
function watched(response: Response, asked: string): Response {
  if (response.status === 401 && asked === key()) setLocked(true);
  return response;
}

/** What is at a path, as text: the bytes that were sent, for what must not be changed by reading it. */
export async function fetched(path: string): Promise<string> {
  const asked = key();
  const headers: Record<string, string> = { accept: "application/json" };
  if (asked) headers.authorization = `Bearer ${asked}`;
  const response = await fetch(path, { headers }).catch((cause) => {
    throw new Unreachable(location.origin, cause);
  });
  const text = await watched(response, asked).text();
  if (response.ok) return text;
  throw refusal(text) ?? new Error(`${path} answered ${response.status} without saying why`);
}

function refusal(text: string): Refused | undefined {
  try {
    const body = JSON.parse(text);
    return isProblem(body) ? new Refused(body) : undefined;
  } catch {
    return undefined;
  }
}

/** A page of a list, or a thing, at a path that the typed client has no method for. */
export async function get<T>(path: string): Promise<T> {
  return JSON.parse(await fetched(path)) as T;
}

/** Something that is read from the server: what is there, or why it is not. */
export interface Loaded<T> {
  value: () => T | undefined;
  error: () => unknown;
  /** Reads it again. */
  again: () => void;
}

/** Reads now, whenever a signal that `read` uses changes, and every so many milliseconds while the page is seen. */
export function load<T>(read: () => Promise<T>, every = 0): Loaded<T> {
  const [value, setValue] = createSignal<T>();
  const [error, setError] = createSignal<unknown>();
  const [turn, setTurn] = createSignal(0);
  const again = () => setTurn((count) => count + 1);
  createEffect(() => {
    turn();
    let wanted = true;
    read().then(
      (found) => {
        if (!wanted) return;
        setValue(() => found);
        setError(undefined);
      },
      (failure) => {
        if (wanted) setError(() => failure);
      },
    );
    onCleanup(() => {
      wanted = false;
    });
  });
  if (every > 0) {
    const timer = setInterval(() => document.hidden || again(), every);
    onCleanup(() => clearInterval(timer));
  }
  return { value, error, again };
}

// A session as it goes on: the session, its game, and its events from the stream.

import { createSignal, onCleanup } from "solid-js";
import { client, type Event, type Game, type Session } from "../api.ts";
import { type Before, beforeOf, NOTHING } from "./curves.ts";

/** How many events are kept; of a longer session the last ones. */
export const KEPT = 5000;
/** How long news is gathered before it is drawn, and before the session is read again, in milliseconds. */
const GATHER = 100;

export type Stage = "loading" | "live" | "broken" | "ended";

export interface Live {
  session: () => Session | undefined;
  game: () => Game | undefined;
  /** The events at hand, oldest first. A new list whenever there are more. */
  events: () => readonly Event[];
  /** What was played before them. */
  before: () => Before;
  stage: () => Stage;
  error: () => unknown;
  /** Takes in what an action was answered with, before the stream tells it. */
  answered: (session: Session) => void;
  /** Begins anew. */
  again: () => void;
}

/** Follows a session until the owner goes. */
export function follow(id: string): Live {
  const [session, setSession] = createSignal<Session>();
  const [game, setGame] = createSignal<Game>();
  const [events, setEvents] = createSignal<readonly Event[]>([]);
  const [before, setBefore] = createSignal<Before>(NOTHING);
  const [stage, setStage] = createSignal<Stage>("loading");
  const [error, setError] = createSignal<unknown>();
  let ending = new AbortController();
  onCleanup(() => ending.abort());

  const newer = (found: Session) =>
    setSession((known) => (known && known.last_seq > found.last_seq ? known : found));

  const run = async (signal: AbortSignal) => {
    const found = await client().session(id);
    setGame(await client().game(found.game_id));
    newer(found);
    if (found.last_seq === 0) setStage("live");
    const after = Math.max(0, found.last_seq - KEPT);
    let kept: Event[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      setEvents(kept.slice());
      if (kept.length > 0 && (session()?.last_seq ?? 0) < (kept.at(-1)?.seq ?? 0)) {
        client().session(id).then(newer, setError);
      }
    };
    for await (const event of client().follow(id, { after, signal })) {
      kept.push(event);
      // Once, when all that was there at first has come: what lies before is the rest of the counters.
      if (event.seq === found.last_seq && after > 0) setBefore(beforeOf(kept, found.metrics));
      if (kept.length > 2 * KEPT) {
        const cut = kept.slice(-KEPT);
        setBefore((known) => addedTo(known, kept.slice(0, -KEPT)));
        kept = cut;
      }
      timer ??= setTimeout(show, GATHER);
      if (event.seq >= found.last_seq) setStage("live");
    }
    clearTimeout(timer);
    if (signal.aborted) return;
    show();
    newer(await client().session(id));
    setStage("ended");
  };

  const again = () => {
    ending.abort();
    ending = new AbortController();
    const { signal } = ending;
    setError(undefined);
    setStage("loading");
    run(signal).catch((failure) => {
      if (signal.aborted) return;
      setError(() => failure);
      setStage("broken");
    });
  };
  again();
  return { session, game, events, before, stage, error, answered: newer, again };
}

/** What was played before, with some events more. */
function addedTo(before: Before, events: readonly Event[]): Before {
  const less = beforeOf(events, { spins: 0, wagered: "0.0000", won: "0.0000" });
  return {
    rounds: before.rounds - less.rounds,
    wagered: before.wagered - less.wagered,
    won: before.won - less.won,
  };
}

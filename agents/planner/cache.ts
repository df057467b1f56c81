// What an agent remembers between decisions: only what cannot change, and only as far as a hash vouches for it.

import {
  type Event,
  eventHash,
  fingerprint,
  type Game,
  genesis,
  type Reelhouse,
  type Session,
} from "@reelhouse/client";
import { WINDOW } from "./view.ts";

/** The stored parts; public, since nothing rests on what is in them. */
export interface Memory {
  games: Map<string, Game>;
  /** By session: its events from the first one on. */
  events: Map<string, Event[]>;
}

/**
 * Saves requests, and is no authority: a game is used when it has the fingerprint it names, events when their chain ends in
 * the head that the API told of the session just now. Anything else is dropped and read again.
 */
export class PlanningCache {
  readonly memory: Memory = { games: new Map(), events: new Map() };
  readonly #house: Reelhouse;

  constructor(house: Reelhouse) {
    this.#house = house;
  }

  /** The game of a session. */
  async game(id: string): Promise<Game> {
    const known = this.memory.games.get(id);
    if (known?.game_id === id && fingerprint(known) === known.fingerprint) return known;
    const game = await this.#house.game(id);
    this.memory.games.set(id, game);
    return game;
  }

  /** Remembers the event of an action that the API has just answered. */
  add(event: Event): void {
    const events = this.memory.events.get(event.session_id);
    if (event.seq === 1) this.memory.events.set(event.session_id, [event]);
    else if (events?.length === event.seq - 1) events.push(event);
    else this.memory.events.delete(event.session_id);
  }

  /** The latest events of a session as the API has just told of it. */
  async events(session: Session, game: Game): Promise<readonly Event[]> {
    const known = this.memory.events.get(session.session_id) ?? [];
    if (isChain(known, session, game)) return known.slice(-WINDOW);
    const events = await this.#read(session);
    this.memory.events.set(session.session_id, events);
    return events.slice(-WINDOW);
  }

  /** Forgets a session that has ended. */
  forget(sessionId: string): void {
    this.memory.events.delete(sessionId);
  }

  /** The events up to the one at which the session was read: others may have come since. */
  async #read(session: Session): Promise<Event[]> {
    const events: Event[] = [];
    if (session.last_seq === 0) return events;
    for await (const event of this.#house.events(session.session_id)) {
      events.push(event);
      if (event.seq === session.last_seq) break;
    }
    return events;
  }
}

/** Whether the latest events are those that the session's chain vouches for. */
function isChain(events: readonly Event[], session: Session, game: Game): boolean {
  if (events.length !== session.last_seq) return false;
  let head = session.chain_head;
  for (let at = events.length - 1; at >= Math.max(0, events.length - WINDOW); at -= 1) {
    const event = events[at] as Event;
    const previous = events[at - 1]?.hash ?? genesis(session, game, events);
    if (event.hash !== head || !follows(previous, event)) return false;
    head = previous;
  }
  return true;
}

/** Frozen events that were hashed before, with the hash that each follows: nothing in them can have changed. */
const hashed = new WeakMap<Event, string>();

/** Whether an event has its hash when it follows `previous`. */
function follows(previous: string, event: Event): boolean {
  if (hashed.get(event) === previous) return true;
  if (eventHash(previous, event) !== event.hash) return false;
  hashed.set(freeze(event), previous);
  return true;
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

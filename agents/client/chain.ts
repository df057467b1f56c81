// The hash chain of a session's events, and the fingerprint of a game: what cannot change can be checked.

import { createHash } from "node:crypto";
import type { Event, Game, Session } from "./types.ts";

/** JSON in canonical form (RFC 8785): no white space, members sorted by their UTF-16 code units. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}

/** The fingerprint that a game's documents have. */
export function fingerprint(game: Pick<Game, "rng_signature" | "symbol_map">): string {
  return digest(canonical({ rng_signature: game.rng_signature, symbol_map: game.symbol_map }));
}

/** The hash that an event has after the one with the hash `previous`. */
export function eventHash(previous: string, event: Event): string {
  const { hash: _, ...rest } = event;
  return digest(Buffer.from(previous, "hex"), canonical(rest));
}

/** The head of a session's chain before its first event. `events` are its events from the first one on. */
export function genesis(session: Session, game: Game, events: readonly Event[]): string {
  const commitment = firstCommitment(events) ?? session.fairness.commitment;
  const { session_id, fairness } = session;
  // A training session says so in its first hash; one with fair draws does not name it.
  const training = "training" in fairness && fairness.training === true ? { training: true } : {};
  return digest(
    canonical({ version: 1, session_id, game_fingerprint: game.fingerprint, commitment, ...training }),
  );
}

/** The commitment of a first seed that was rotated since, which revealed it. */
function firstCommitment(events: readonly Event[]): string | undefined {
  const rotation = events.find((event) => event.action.type === "rotate_seed");
  const seed: unknown = rotation?.result.server_seed;
  return typeof seed === "string" ? digest(Buffer.from(seed, "hex")) : undefined;
}

function digest(...parts: (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

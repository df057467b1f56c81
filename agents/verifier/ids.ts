// Ids: UUIDv7 that carry an instant and a shard (ARCHITECTURE.md, "Ids and shards").

/** The instant that an id was made at, in milliseconds since 1970; null for an id that is no UUIDv7. */
export function mintedAt(id: string): number | null {
  return id[14] === "7" ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;
}

/** The shard of an id: the three digits after its version. */
export function shardOf(id: string): string {
  return id.slice(15, 18);
}

/** The id that was made at an instant in a shard, its random part taken from `random`. */
export function minted(at: number, shard: string, random: string): string {
  const millis = at.toString(16).padStart(12, "0");
  // The variant of RFC 9562 is in the two highest bits of the fourth group.
  const variant = ((Number.parseInt(random.slice(19, 20), 16) & 3) | 8).toString(16);
  return `${millis.slice(0, 8)}-${millis.slice(8)}-7${shard}-${variant}${random.slice(20)}`;
}

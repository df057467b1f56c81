// Changed proofs for the tests: single mutations of the text, and lies that the house signs anew.

import { hashes, sign } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { canonical, type Json } from "../verifier/canonical.ts";
import { bytesOf, digest, fromHex } from "../verifier/hash.ts";

hashes.sha512 = sha512;

/** A proof's document, to be changed: tests know what is in it. */
// biome-ignore lint/suspicious/noExplicitAny: a test that reaches into a document is right or fails.
export type Document = any;

/** The secret of the key that signed the published proofs. */
const SECRET = new Uint8Array(32).fill(0x42);

export function documentOf(proof: string): Document {
  return JSON.parse(proof);
}

export function textOf(document: Json): string {
  return canonical(document);
}

/** Chains the events of a document anew, as far as the head. */
export function rechained(document: Document): Document {
  const { session_id, game, seeds, opened, head } = document;
  const training = opened.training ? { training: true } : {};
  const commitment = seeds[0].commitment;
  document.genesis = digest(
    canonical({ version: 1, session_id, game_fingerprint: game.fingerprint, commitment, ...training }),
  );
  let previous = document.genesis;
  for (const event of document.events) {
    const { hash: _, ...body } = event;
    previous = digest(fromHex(previous), canonical(body));
    event.hash = previous;
  }
  const last = document.events.at(-1);
  Object.assign(head.statement, { chain_head: previous, last_seq: document.events.length });
  if (last) head.statement.timestamp = last.timestamp;
  return document;
}

/** The proof of a house that lies: chained and signed anew with its own key. */
export function resigned(document: Document): string {
  rechained(document);
  document.head.signature = signed(document.head.statement);
  const { seal: _, ...body } = document;
  const { session_id } = document;
  document.seal = signed({ kind: "session_proof", version: 1, session_id, digest: digest(canonical(body)) });
  return canonical(document);
}

/** The digest of a game's documents, as a house that lies about them writes it. */
export function refingerprinted(document: Document): Document {
  const { rng_signature, symbol_map } = document.game;
  document.game.fingerprint = digest(canonical({ rng_signature, symbol_map }));
  return document;
}

function signed(statement: Json): string {
  return bytesToHex(sign(bytesOf(canonical(statement)), SECRET));
}

// What binds a record together: commitments, the hash chain, the signed head, the seal (docs/fairness.md, sections 1, 4, 5, 6).

import { canonical } from "./canonical.ts";
import { equal, wrong, wrongAt } from "./fault.ts";
import { digest, fromHex, isSigned } from "./hash.ts";
import { mintedAt } from "./ids.ts";
import type { Proof } from "./proof.ts";

/** Checks the seeds' commitments, and the start of the chain that stands on the first of them. */
export function checkOpening(proof: Proof): void {
  proof.seeds.forEach((seed, place) => {
    equal(`/seeds/${place}/commitment`, digest(fromHex(seed.server_seed)), seed.commitment);
  });
  const first = proof.seeds[0] ?? wrong("/seeds", "at least one seed", "none");
  const training = proof.opened.training ? { training: true } : {};
  const start = {
    version: 1,
    session_id: proof.session_id,
    game_fingerprint: proof.game.fingerprint,
    commitment: first.commitment,
    ...training,
  };
  equal("/genesis", digest(canonical(start)), proof.genesis);
  if (mintedAt(proof.session_id) !== proof.opened.at) {
    wrong("/opened/created_at", "the instant in the session's id", new Date(proof.opened.at).toISOString());
  }
}

/** Checks every link of the chain. */
export function checkChain(proof: Proof): void {
  let previous = proof.genesis;
  proof.events.forEach((event, place) => {
    if (event.seq !== place + 1) wrongAt(place + 1, "/seq", `${place + 1}`, `${event.seq}`);
    const hash = digest(fromHex(previous), canonical(event.body));
    if (hash !== event.hash) wrongAt(place + 1, "/hash", hash, event.hash);
    previous = event.hash;
  });
}

/** Checks that the signed statement is of this chain's end: a tail that was cut off shows here. */
export function checkHead(proof: Proof): void {
  const last = proof.events.at(-1) ?? wrong("/events", "at least one event", "none");
  const expected = {
    kind: "session_head",
    version: 1,
    session_id: proof.session_id,
    last_seq: proof.events.length,
    chain_head: last.hash,
    timestamp: new Date(last.at).toISOString(),
  };
  for (const [name, value] of Object.entries(expected)) {
    const found = proof.head.statement[name];
    if (found !== value) wrong(`/head/statement/${name}`, `${value}`, `${found}`);
  }
}

/** Checks the signatures of the statement and of the whole document, and whose they are. */
export function checkSignatures(proof: Proof, expectedKey: string | undefined): void {
  const { statement, public_key, signature } = proof.head;
  if (expectedKey !== undefined) equal("/head/public_key", expectedKey, public_key);
  if (!isSigned(canonical(statement), signature, public_key)) {
    wrong("/head/signature", "a signature of the statement by the public key", signature);
  }
  const sealed = {
    kind: "session_proof",
    version: 1,
    session_id: proof.session_id,
    digest: digest(canonical(proof.body)),
  };
  if (!isSigned(canonical(sealed), proof.seal, public_key)) {
    wrong("/seal", "a signature of the document by the public key", proof.seal);
  }
}

// The fair stream (docs/fairness.md, section 2): HMAC-SHA256 blocks, words, numbers below a bound.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesOf, fromHex } from "./hash.ts";

/** Where a spin draws from. */
export interface Draws {
  /** A number from 0 up to and without the bound. */
  below(bound: number): number;
}

const WORDS_PER_BLOCK = 8;
const WORDS = 2 ** 32;

/** The stream of one round. */
export class FairStream implements Draws {
  /** How many words were taken so far, those passed over included. */
  taken: number;
  readonly #key: Uint8Array;
  readonly #prefix: string;
  #number = -1;
  #block: DataView = new DataView(new ArrayBuffer(0));

  /** The round's stream after its first `taken` words. The seed is in hexadecimal digits. */
  constructor(serverSeed: string, clientSeed: string, nonce: number, taken = 0) {
    this.#key = fromHex(serverSeed);
    this.#prefix = `${clientSeed}:${nonce}:`;
    this.taken = taken;
  }

  below(bound: number): number {
    const limit = Math.floor(WORDS / bound) * bound;
    for (;;) {
      const word = this.#word();
      if (word < limit) return word % bound;
    }
  }

  #word(): number {
    const number = Math.floor(this.taken / WORDS_PER_BLOCK);
    if (number !== this.#number) {
      const block = hmac(sha256, this.#key, bytesOf(`${this.#prefix}${number}`));
      this.#block = new DataView(block.buffer, block.byteOffset, block.byteLength);
      this.#number = number;
    }
    const word = this.#block.getUint32((this.taken % WORDS_PER_BLOCK) * 4);
    this.taken += 1;
    return word;
  }
}

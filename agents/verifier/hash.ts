// Digests and signatures, over bytes and UTF-8.

import { hashes, Point, verify } from "@noble/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

hashes.sha512 = sha512;

const utf8 = new TextEncoder();

/** The bytes of a text in UTF-8. */
export function bytesOf(text: string): Uint8Array {
  return utf8.encode(text);
}

/** The bytes that hexadecimal digits spell. */
export const fromHex = hexToBytes;

/** The SHA-256 of parts, one after the other, as hexadecimal digits. A text stands for its UTF-8. */
export function digest(...parts: (string | Uint8Array)[]): string {
  const hash = sha256.create();
  for (const part of parts) hash.update(typeof part === "string" ? bytesOf(part) : part);
  return bytesToHex(hash.digest());
}

/**
 * Whether a signature (Ed25519, RFC 8032) is of this message by this key; all but the message in hexadecimal digits.
 * Keys and points of small order are refused: with them one signature would fit many messages.
 */
export function isSigned(message: string, signature: string, publicKey: string): boolean {
  try {
    const [bytes, key] = [fromHex(signature), fromHex(publicKey)];
    return (
      !Point.fromBytes(bytes.subarray(0, 32)).isSmallOrder() &&
      verify(bytes, bytesOf(message), key, { zip215: false })
    );
  } catch {
    return false;
  }
}

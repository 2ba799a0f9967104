// C2SP chunked-encryption v1, instance Cobblestone-256: a long message in authenticated chunks of 16 KiB.
//
// Salt and a commitment to the key stand at the head: AES-GCM alone would allow one ciphertext that opens to two
// messages under two keys.
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, utf8 } from "./bytes.ts";

const CHUNK_BYTES = 16 * 1024;
const TAG_BYTES = 16;
const AT_ONCE = 64; // chunks under way together; enough to keep the processor busy, 1 MiB of memory
const PREFIX = utf8("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0");

export interface Message {
  salt: Uint8Array;
  context: Uint8Array;
  plaintext: Bytes;
}

/** Return salt, key commitment and chunks; `progress` is told the share done, 0 to 1. */
export async function encryptChunked(
  key: Uint8Array,
  { salt, context, plaintext }: Message,
  progress: (done: number) => void = () => {},
): Promise<Bytes> {
  const keys = messageKeys(key, salt, context);
  const aes = await crypto.subtle.importKey("raw", keys.chunkKey, "AES-GCM", false, ["encrypt"]);
  // The last chunk is always shorter than 16 KiB, if need be empty: that is how its end is known.
  const count = Math.floor(plaintext.length / CHUNK_BYTES) + 1;
  const body = new Uint8Array(salt.length + keys.commitment.length + plaintext.length + count * TAG_BYTES);
  body.set(salt);
  body.set(keys.commitment, salt.length);
  const start = salt.length + keys.commitment.length;
  const encryptOne = async (number: number) => {
    const chunk = plaintext.subarray(number * CHUNK_BYTES, (number + 1) * CHUNK_BYTES);
    const iv = nonceOf(keys.baseNonce, number);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, aes, chunk);
    body.set(new Uint8Array(sealed), start + number * (CHUNK_BYTES + TAG_BYTES));
  };
  for (let first = 0; first < count; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, at) => first + at);
    await Promise.all(numbers.map(encryptOne));
    progress(Math.min(1, (first + AT_ONCE) / count));
  }
  return body;
}

/** HKDF-Expand with SHA-512 for 76 bytes: chunk key, base nonce, commitment. */
function messageKeys(key: Uint8Array, salt: Uint8Array, context: Uint8Array) {
  const info = concat(PREFIX, salt, context);
  const first = hmac(sha512, key, concat(info, Uint8Array.of(1)));
  const second = hmac(sha512, key, concat(first, info, Uint8Array.of(2)));
  const okm = concat(first, second);
  return { chunkKey: okm.slice(0, 32), baseNonce: okm.slice(32, 44), commitment: okm.slice(44, 76) };
}

function nonceOf(base: Bytes, number: number): Bytes {
  const nonce = base.slice();
  const view = new DataView(nonce.buffer);
  view.setUint32(8, (view.getUint32(8) ^ number) >>> 0); // fewer than 2^32 chunks: 64 TiB
  return nonce;
}

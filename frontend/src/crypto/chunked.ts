// C2SP chunked-encryption v1: a long message in authenticated chunks of 16 KiB, in two instances.
//
// Salt and a commitment to the key stand at the head: GCM alone would allow one ciphertext that opens to two messages
// under two keys.
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import type { CHash } from "@noble/hashes/utils.js";
import { type Bytes, concat, toHex, utf8 } from "./bytes.ts";
import { sm3 } from "./sm3.ts";
import { sm4Gcm } from "./sm4.ts";

const CHUNK_BYTES = 16 * 1024;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const SALT_BYTES = 24;
const COMMITMENT_BYTES = 32;
const AT_ONCE = 64; // chunks under way together; enough to keep the processor busy, 1 MiB of memory
const PREFIX = "c2sp.org/chunked-encryption@v1+";

interface Cipher {
  encrypt: (nonce: Bytes, chunk: Bytes) => Promise<Uint8Array>;
  decrypt: (nonce: Bytes, chunk: Bytes) => Promise<Uint8Array>;
}

/** aeadName: as the IANA registry of AEAD algorithms has it. keyBytes: of the input key and of the cipher. */
export interface Instance {
  aeadName: string;
  keyBytes: number;
  hash: CHash;
  cipher: (key: Bytes) => Promise<Cipher>;
}

export const COBBLESTONE_256: Instance = {
  aeadName: "AEAD_AES_256_GCM",
  keyBytes: 32,
  hash: sha512,
  async cipher(key) {
    const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
    const mode = (iv: Bytes) => ({ name: "AES-GCM", iv });
    return {
      encrypt: async (nonce, chunk) => new Uint8Array(await crypto.subtle.encrypt(mode(nonce), aes, chunk)),
      decrypt: async (nonce, chunk) => new Uint8Array(await crypto.subtle.decrypt(mode(nonce), aes, chunk)),
    };
  },
};

export const SM: Instance = {
  aeadName: "AEAD_SM4_GCM",
  keyBytes: 16,
  hash: sm3,
  async cipher(key) {
    const sm4 = sm4Gcm(key);
    return {
      encrypt: async (nonce, chunk) => sm4.encrypt(nonce, chunk),
      decrypt: async (nonce, chunk) => sm4.decrypt(nonce, chunk),
    };
  },
};

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
  instance: Instance = COBBLESTONE_256,
): Promise<Bytes> {
  const keys = messageKeys(key, concat(salt, context), instance);
  const cipher = await instance.cipher(keys.chunkKey);
  // The last chunk is always shorter than 16 KiB, if need be empty: that is how its end is known.
  const count = Math.floor(plaintext.length / CHUNK_BYTES) + 1;
  const body = new Uint8Array(salt.length + keys.commitment.length + plaintext.length + count * TAG_BYTES);
  body.set(salt);
  body.set(keys.commitment, salt.length);
  const start = salt.length + keys.commitment.length;
  const encryptOne = async (number: number) => {
    const chunk = plaintext.subarray(number * CHUNK_BYTES, (number + 1) * CHUNK_BYTES);
    const sealed = await cipher.encrypt(nonceOf(keys.baseNonce, number), chunk);
    body.set(sealed, start + number * (CHUNK_BYTES + TAG_BYTES));
  };
  for (let first = 0; first < count; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, at) => first + at);
    await Promise.all(numbers.map(encryptOne));
    progress(Math.min(1, (first + AT_ONCE) / count));
    await pageHasItsTurn();
  }
  return body;
}

/** Return the plaintext; a body that is not authentic to its end, or made under another key, is refused. */
export async function decryptChunked(
  key: Uint8Array,
  context: Uint8Array,
  body: Bytes,
  instance: Instance = COBBLESTONE_256,
): Promise<Bytes> {
  const head = SALT_BYTES + COMMITMENT_BYTES;
  const keys = messageKeys(key, concat(body.subarray(0, SALT_BYTES), context), instance);
  if (toHex(body.subarray(SALT_BYTES, head)) !== toHex(keys.commitment)) throw new Error("Made under another key.");
  const cipher = await instance.cipher(keys.chunkKey);
  // A multiple of whole chunks has lost its end: then the last chunk, read as an empty one, has no tag.
  const count = Math.floor((body.length - head) / (CHUNK_BYTES + TAG_BYTES)) + 1;
  const chunks: Uint8Array[] = [];
  for (let number = 0; number < count; number++) {
    const start = head + number * (CHUNK_BYTES + TAG_BYTES);
    const chunk = body.subarray(start, start + CHUNK_BYTES + TAG_BYTES);
    chunks.push(await cipher.decrypt(nonceOf(keys.baseNonce, number), chunk));
    if (number % AT_ONCE === 0) await pageHasItsTurn();
  }
  return concat(...chunks);
}

/** A cipher of our own never waits, so the page would stand still; timers are slowed down in hidden tabs. */
function pageHasItsTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** HKDF-Expand: chunk key, base nonce, commitment. */
function messageKeys(key: Uint8Array, saltAndContext: Bytes, { aeadName, keyBytes, hash }: Instance) {
  if (key.length !== keyBytes) throw new RangeError(`The key has ${keyBytes} bytes.`);
  const info = concat(utf8(`${PREFIX}${aeadName}\0`), saltAndContext);
  const first = hmac(hash, key, concat(info, Uint8Array.of(1)));
  const second = hmac(hash, key, concat(first, info, Uint8Array.of(2)));
  const okm = concat(first, second);
  const nonceEnd = keyBytes + NONCE_BYTES;
  return {
    chunkKey: okm.slice(0, keyBytes),
    baseNonce: okm.slice(keyBytes, nonceEnd),
    commitment: okm.slice(nonceEnd, nonceEnd + COMMITMENT_BYTES),
  };
}

function nonceOf(base: Bytes, number: number): Bytes {
  const nonce = base.slice();
  const view = new DataView(nonce.buffer);
  view.setUint32(8, (view.getUint32(8) ^ number) >>> 0); // fewer than 2^32 chunks: 64 TiB
  return nonce;
}

// Cipher suites of sealed bids, each one value behind one interface (yuntai/trust/suites.py).
import { p256 } from "@noble/curves/nist.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { CHash } from "@noble/hashes/utils.js";
import { type Bytes, concat, utf8 } from "./bytes.ts";
import { COBBLESTONE_256, type Instance, SM } from "./chunked.ts";
import { sealTo } from "./hpke.ts";
import { encryptSm2, isPublicKey } from "./sm2.ts";
import { sm3 } from "./sm3.ts";

const CANDIDATES = 256;

export interface Share {
  info: Uint8Array;
  plaintext: Bytes;
  seed: Uint8Array;
}

/**
 * hash: what commitments and derivations are made with.
 * takes: is this a public key on the suite's curve?
 * wrap: encrypt a share to a holder, always the same for the same arguments.
 */
export interface Suite {
  code: string;
  hash: CHash;
  body: Instance;
  takes: (publicKey: Uint8Array) => boolean;
  wrap: (publicKey: Uint8Array, share: Share) => Promise<Bytes>;
}

export const INTERNATIONAL: Suite = {
  code: "international-1",
  hash: sha256,
  body: COBBLESTONE_256,
  takes: (publicKey) => publicKey.length === 65 && p256.utils.isValidPublicKey(publicKey, false),
  wrap: sealTo,
};

export const NATIONAL: Suite = {
  code: "national-1",
  hash: sm3,
  body: SM,
  takes: isPublicKey,
  async wrap(publicKey, { info, plaintext, seed }) {
    // SM2 encryption binds nothing but its plaintext, so a hash of `info` is encrypted behind the share.
    const digest = sm3(info);
    return encryptSm2(publicKey, concat(plaintext, digest), ephemerals(seed, publicKey, digest));
  },
};

/** HKDF-Expand with the suite's hash for at most one block. */
export function expand({ hash }: Suite, key: Uint8Array, info: Uint8Array, length: number): Bytes {
  return concat(hmac(hash, key, concat(info, Uint8Array.of(1))).subarray(0, length));
}

/** Return the suite on whose curve these keys lie; keys of two curves, or of none, belong to no suite. */
export function suiteOf(publicKeys: readonly Uint8Array[]): Suite | undefined {
  return [INTERNATIONAL, NATIONAL].find((suite) => publicKeys.every(suite.takes));
}

function* ephemerals(seed: Uint8Array, publicKey: Uint8Array, digest: Uint8Array): Generator<Bytes> {
  // Recipient and info go in, so that even a seed used twice never gives one scalar to two plaintexts.
  const boundTo = concat(utf8("sm2-ephemeral"), publicKey, digest);
  for (let counter = 0; counter < CANDIDATES; counter++) {
    yield expand(NATIONAL, seed, concat(boundTo, Uint8Array.of(counter)), 32);
  }
}

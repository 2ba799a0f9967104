// Hybrid public key encryption, RFC 9180, the sender's side: base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256,
// AES-256-GCM.  The ephemeral key comes from a seed, so that a sealed bid can be computed again from its key.
import { p256 } from "@noble/curves/nist.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, u16, utf8 } from "./bytes.ts";

const KEM_ID = 0x0010;
const KDF_ID = 0x0001;
const AEAD_ID = 0x0002;
const KEM = concat(utf8("KEM"), u16(KEM_ID));
const SUITE = concat(utf8("HPKE"), u16(KEM_ID), u16(KDF_ID), u16(AEAD_ID));
const VERSION = utf8("HPKE-v1");
const NOTHING = new Uint8Array(0);

/**
 * Return `enc` followed by the ciphertext; additional data is empty.
 *
 * publicKey: uncompressed point, 65 bytes; refused when it is no point of the curve.
 * seed: never used for two plaintexts or two recipients.
 */
export async function sealTo(
  publicKey: Uint8Array,
  { info, plaintext, seed }: { info: Uint8Array; plaintext: Bytes; seed: Uint8Array },
): Promise<Bytes> {
  const secretKey = deriveSecretKey(seed);
  const enc = p256.getPublicKey(secretKey, false);
  const point = p256.getSharedSecret(secretKey, publicKey, false);
  const eaePrk = labeledExtract(KEM, NOTHING, "eae_prk", point.subarray(1, 33));
  const shared = labeledExpand(KEM, eaePrk, "shared_secret", concat(enc, publicKey), 32);
  const { key, nonce } = keySchedule(shared, info);
  const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const ciphertext = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, aes, plaintext);
  return concat(enc, new Uint8Array(ciphertext));
}

/** DeriveKeyPair of RFC 9180, section 7.1.3. */
function deriveSecretKey(seed: Uint8Array): Bytes {
  const prk = labeledExtract(KEM, NOTHING, "dkp_prk", seed);
  for (let counter = 0; counter < 256; counter++) {
    const candidate = labeledExpand(KEM, prk, "candidate", Uint8Array.of(counter), 32);
    if (p256.utils.isValidSecretKey(candidate)) return candidate;
  }
  throw new Error("No candidate is a scalar of P-256: the chance of that is 2^-8192.");
}

function keySchedule(shared: Uint8Array, info: Uint8Array): { key: Bytes; nonce: Bytes } {
  const pskIdHash = labeledExtract(SUITE, NOTHING, "psk_id_hash", NOTHING);
  const infoHash = labeledExtract(SUITE, NOTHING, "info_hash", info);
  const schedule = concat(Uint8Array.of(0), pskIdHash, infoHash); // 0 is base mode
  const secret = labeledExtract(SUITE, shared, "secret", NOTHING);
  return {
    key: labeledExpand(SUITE, secret, "key", schedule, 32),
    nonce: labeledExpand(SUITE, secret, "base_nonce", schedule, 12),
  };
}

function labeledExtract(id: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Bytes {
  return concat(hmac(sha256, salt, concat(VERSION, id, utf8(label), ikm)));
}

/** HKDF-Expand for at most one block of SHA-256, which is all this suite needs. */
function labeledExpand(id: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number): Bytes {
  const labeled = concat(u16(length), VERSION, id, utf8(label), info, Uint8Array.of(1));
  return concat(hmac(sha256, prk, labeled).subarray(0, length));
}

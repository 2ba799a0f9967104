// The key this device makes for one bid: it alone can submit or withdraw that bid, and nobody learns whose it is.
import { ed25519 } from "@noble/curves/ed25519.js";
import { type Bytes, concat, fromBase64Url, toBase64Url, utf8 } from "./bytes.ts";

const FORMAT = "yuntai-owner-key-v1";

/** What the bidder keeps, as the downloaded file has it. */
export interface OwnerKey {
  format: typeof FORMAT;
  envelope_id: string;
  header_sha256: string;
  owner_public_key: string;
  owner_private_key: string;
}

export interface OwnerPair {
  privateKey: Bytes;
  publicKey: Bytes;
}

export function newOwnerPair(): OwnerPair {
  const { secretKey, publicKey } = ed25519.keygen();
  return { privateKey: concat(secretKey), publicKey: concat(publicKey) };
}

export function ownerKeyOf(pair: OwnerPair, envelopeId: string, headerDigest: string): OwnerKey {
  return {
    format: FORMAT,
    envelope_id: envelopeId,
    header_sha256: headerDigest,
    owner_public_key: toBase64Url(pair.publicKey),
    owner_private_key: toBase64Url(pair.privateKey),
  };
}

export type OwnerAct = "submit" | "withdraw";

/** Return the base64url signature over "yuntai-<act>-v1|<header digest>". */
export function signAsOwner(owner: OwnerKey, act: OwnerAct): string {
  const bytes = utf8(`yuntai-${act}-v1|${owner.header_sha256}`);
  return toBase64Url(ed25519.sign(bytes, fromBase64Url(owner.owner_private_key)));
}

export function ownerKeyFromFile(file: unknown): OwnerKey | null {
  const key = Object(file) as Partial<OwnerKey>;
  const complete = [key.envelope_id, key.header_sha256, key.owner_public_key, key.owner_private_key];
  return key.format === FORMAT && complete.every((part) => typeof part === "string") ? (key as OwnerKey) : null;
}

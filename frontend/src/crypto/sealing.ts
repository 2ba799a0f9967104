// Seals a bid on this device for four holders, any three of whom can open it: docs/connect/sealing.md.
//
// All coins come from one draw of 32 bytes, so that whoever has it can compute every byte again and compare.
import { sha256 as digestNow } from "@noble/hashes/sha2.js";
import { type Bytes, concat, prefixed, sha256, toBase64Url, toHex } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { encryptChunked } from "./chunked.ts";
import { pad } from "./padding.ts";
import { shareAt } from "./shamir.ts";
import { expand, type Suite, suiteOf } from "./suites.ts";

export const HOLDERS = ["T", "P", "C", "R"] as const;
export type Holder = (typeof HOLDERS)[number];
export type PerHolder<Value> = Record<Holder, Value>;

const VERSION = 1;
const KEY_BYTES = 32;
const SALT_BYTES = 24;
const PUBLIC_KEY_BYTES = 65;

export interface Context {
  tender: string;
  lot: string;
  part: string;
  documents_sha256: string;
  envelope_id: string;
}

export interface Header {
  version: number;
  suite: string;
  context: Context;
  key_commitment: string;
  share_commitments: PerHolder<string>;
  wrapped_shares: PerHolder<string>;
  body_sha256: string;
  body_length: number;
  owner_public_key: string;
}

export interface Sealed {
  header: Header;
  body: Bytes;
}

export interface SealingInputs {
  holderKeys: PerHolder<Uint8Array>;
  ownerPublicKey: Uint8Array;
  /** 32 bytes; give another source only to repeat a published example. */
  entropy?: () => Uint8Array;
  progress?: (done: number) => void;
}

export function encodeContext(context: Context): Bytes {
  const { tender, lot, part, documents_sha256, envelope_id } = context;
  return concat(...["yuntai-seal-v1", tender, lot, part, documents_sha256, envelope_id].map(prefixed));
}

export async function seal(context: Context, content: Bytes, inputs: SealingInputs): Promise<Sealed> {
  const suite = checkKeys(inputs);
  const boundTo = concat(encodeContext(context), prefixed(suite.code), prefixed(inputs.ownerPublicKey));
  const key = (inputs.entropy ?? drawKey)();
  const derive = (label: string, length = KEY_BYTES) => expand(suite, key, concat(prefixed(label), boundTo), length);
  const message = { salt: derive("body-salt", SALT_BYTES), context: boundTo, plaintext: pad(content) };
  const body = await encryptChunked(derive("body-key", suite.body.keyBytes), message, inputs.progress, suite.body);
  const shares = sharesOf(key, derive("coefficient-1"), derive("coefficient-2"));
  const wrap = async (holder: Holder) =>
    toBase64Url(
      await suite.wrap(inputs.holderKeys[holder], {
        info: concat(prefixed("share"), boundTo, prefixed(holder)),
        plaintext: shares[holder],
        seed: derive(`ephemeral-${holder}`),
      }),
    );
  const header: Header = {
    version: VERSION,
    suite: suite.code,
    context,
    key_commitment: toHex(suite.hash(concat(prefixed("key-commitment"), boundTo, key))),
    share_commitments: perHolder((holder) => commitmentTo(suite, boundTo, holder, shares[holder])),
    wrapped_shares: { T: await wrap("T"), P: await wrap("P"), C: await wrap("C"), R: await wrap("R") },
    body_sha256: toHex(await sha256(body)),
    body_length: body.length,
    owner_public_key: toBase64Url(inputs.ownerPublicKey),
  };
  return { header, body };
}

/** Return the hex SHA-256 that `submit` signs and the receipt names. */
export function headerDigest(header: Header): string {
  return toHex(digestNow(canonical({ ...header, context: { ...header.context } })));
}

function drawKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(KEY_BYTES));
}

/** Refuse unusable keys, and return the suite on whose curve the holders' keys lie. */
function checkKeys({ holderKeys, ownerPublicKey }: SealingInputs): Suite {
  for (const holder of HOLDERS) {
    if (holderKeys[holder]?.length !== PUBLIC_KEY_BYTES) {
      throw new RangeError(`保管方 ${holder} 的公钥缺失或长度不对，须重新打开招标公告取得公钥。`);
    }
  }
  if (ownerPublicKey.length !== KEY_BYTES) throw new RangeError("The owner's public key has 32 bytes.");
  const suite = suiteOf(HOLDERS.map((holder) => holderKeys[holder]));
  if (suite !== undefined) return suite;
  throw new RangeError("四个保管方的公钥不都是同一条曲线（P-256 或 SM2）上的点，须重新打开招标公告取得公钥。");
}

function sharesOf(key: Uint8Array, first: Uint8Array, second: Uint8Array): PerHolder<Bytes> {
  return perHolder((holder) => shareAt(HOLDERS.indexOf(holder) + 1, key, first, second));
}

function commitmentTo(suite: Suite, boundTo: Uint8Array, holder: Holder, share: Uint8Array): string {
  return toHex(suite.hash(concat(prefixed("share-commitment"), boundTo, prefixed(holder), share)));
}

function perHolder<Value>(make: (holder: Holder) => Value): PerHolder<Value> {
  return { T: make("T"), P: make("P"), C: make("C"), R: make("R") };
}

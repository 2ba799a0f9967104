// Opens a sealed bid with its key K, and checks it: whoever has K can seal again and compare every byte.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, fromBase64Url, prefixed, toHex, utf8 } from "./bytes.ts";
import { canonicalText } from "./canonical.ts";
import { encodeContext, type Header, type PerHolder, seal } from "./sealing.ts";

const SALT_BYTES = 24;
const COMMITMENT_BYTES = 32;
const SEALED_CHUNK_BYTES = 16 * 1024 + 16;
const PREFIX = utf8("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0");

export class NotSealedByTheRule extends Error {}

/** Return the content of a bid whose every byte is what K makes of it. */
export async function openWith(
  key: Bytes,
  { header, body, holderKeys }: { header: Header; body: Bytes; holderKeys: PerHolder<Uint8Array> },
): Promise<Bytes> {
  const ownerPublicKey = fromBase64Url(header.owner_public_key);
  const boundTo = concat(encodeContext(header.context), prefixed(header.suite), prefixed(ownerPublicKey));
  const bodyKey = hmac(sha256, key, concat(prefixed("body-key"), boundTo, Uint8Array.of(1)));
  let content: Bytes;
  try {
    content = unpad(await decrypt(bodyKey, boundTo, body));
  } catch (error) {
    throw new NotSealedByTheRule("正文不能用密封时的密钥解开。", { cause: error });
  }
  const again = await seal(header.context, content, { holderKeys, ownerPublicKey, entropy: () => key });
  if (textOf(again.header) !== textOf(header) || toHex(again.body) !== toHex(body)) {
    throw new NotSealedByTheRule("用同一密钥重新密封的结果不一致。");
  }
  return content;
}

async function decrypt(key: Uint8Array, context: Uint8Array, body: Bytes): Promise<Bytes> {
  const info = concat(PREFIX, body.subarray(0, SALT_BYTES), context);
  const first = hmac(sha512, key, concat(info, Uint8Array.of(1)));
  const nonceBase = first.slice(32, 44);
  const aes = await crypto.subtle.importKey("raw", first.slice(0, 32), "AES-GCM", false, ["decrypt"]);
  const chunks: Bytes[] = [];
  for (let at = SALT_BYTES + COMMITMENT_BYTES; at < body.length; at += SEALED_CHUNK_BYTES) {
    const iv = nonceBase.slice();
    const view = new DataView(iv.buffer, iv.byteOffset);
    view.setUint32(8, (view.getUint32(8) ^ chunks.length) >>> 0);
    const sealed = body.slice(at, at + SEALED_CHUNK_BYTES);
    chunks.push(new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, aes, sealed)));
  }
  return concat(...chunks);
}

function unpad(padded: Bytes): Bytes {
  const length = Number(new DataView(padded.buffer, padded.byteOffset).getBigUint64(0));
  return padded.slice(8, 8 + length);
}

function textOf(header: Header): string {
  return canonicalText({ ...header, context: { ...header.context } });
}

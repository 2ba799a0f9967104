// Opens a sealed bid with its key K once K is published, and checks it: whoever has K can seal again and compare.
import { type Bytes, concat, fromBase64Url, prefixed, toHex } from "./bytes.ts";
import { canonicalText } from "./canonical.ts";
import { decryptChunked } from "./chunked.ts";
import { unpad } from "./padding.ts";
import { encodeContext, type Header, type PerHolder, seal } from "./sealing.ts";
import { expand, suiteOf } from "./suites.ts";

export class NotSealedByTheRule extends Error {}

/**
 * Return the content of a bid whose every byte is what K makes of it.
 *
 * holderKeys: as published in the tender notice.
 */
export async function openWith(
  key: Bytes,
  { header, body, holderKeys }: { header: Header; body: Bytes; holderKeys: PerHolder<Uint8Array> },
): Promise<Bytes> {
  const suite = suiteOf(Object.values(holderKeys));
  if (suite === undefined || suite.code !== header.suite) throw new NotSealedByTheRule("密封算法与保管方公钥不符。");
  const ownerPublicKey = fromBase64Url(header.owner_public_key);
  const boundTo = concat(encodeContext(header.context), prefixed(suite.code), prefixed(ownerPublicKey));
  const bodyKey = expand(suite, key, concat(prefixed("body-key"), boundTo), suite.body.keyBytes);
  let content: Bytes;
  try {
    content = unpad(await decryptChunked(bodyKey, boundTo, body, suite.body));
  } catch (error) {
    throw new NotSealedByTheRule("投标文件正文不能用公布的密钥解开。", { cause: error });
  }
  const again = await seal(header.context, content, { holderKeys, ownerPublicKey, entropy: () => key });
  const same = canonicalText({ ...again.header, context: { ...again.header.context } });
  if (same !== canonicalText({ ...header, context: { ...header.context } }) || toHex(again.body) !== toHex(body)) {
    throw new NotSealedByTheRule("用公布的密钥重新密封的结果与所递交的不一致。");
  }
  return content;
}

// Seals a made-up bid as a real one is sealed, on this device, and opens it again.
import { type Bytes, toHex } from "../crypto/bytes.ts";
import { openWith } from "../crypto/opening.ts";
import { newOwnerPair } from "../crypto/owner.ts";
import { type Context, type PerHolder, seal } from "../crypto/sealing.ts";

const SAMPLE_BYTES = 256 * 1024;
const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const CONTEXT: Context = {
  tender: "SELFTEST",
  lot: "SELFTEST001",
  part: "bid",
  documents_sha256: "0".repeat(64),
  envelope_id: "0".repeat(32),
};

/** Rejects when what comes out is not what went in. */
export async function sealsAndOpens(): Promise<void> {
  const content = new Uint8Array(SAMPLE_BYTES).map((_, at) => (7 * at + 3) % 256);
  const key = crypto.getRandomValues(new Uint8Array(32));
  const holderKeys: PerHolder<Bytes> = { T: await newKey(), P: await newKey(), C: await newKey(), R: await newKey() };
  const ownerPublicKey = newOwnerPair().publicKey;
  const sealed = await seal(CONTEXT, content, { holderKeys, ownerPublicKey, entropy: () => key });
  const opened = await openWith(key, { ...sealed, holderKeys });
  if (toHex(opened) !== toHex(content)) throw new Error("解封的内容与密封前不同。");
}

async function newKey(): Promise<Bytes> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
}

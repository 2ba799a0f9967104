// Signs, packs and seals one bid on this device.
import { type BidForm, packBid } from "../crypto/bidfile.ts";
import { type Bytes, toHex } from "../crypto/bytes.ts";
import { type OwnerKey, newOwnerPair, ownerKeyOf } from "../crypto/owner.ts";
import { type Context, headerDigest, seal, type Sealed } from "../crypto/sealing.ts";
import { type Signer, signWith } from "../crypto/signer.ts";
import type { TypedBid } from "./form_check.ts";
import type { PageFacts } from "./page_facts.ts";

const ENVELOPE_ID_BYTES = 16;

export interface SignedBid {
  context: Context;
  content: Bytes;
}

export interface PreparedBid extends Sealed {
  digest: string;
  owner: OwnerKey;
}

export async function signBid(
  typed: TypedBid,
  files: ReadonlyMap<string, Bytes>,
  { place, signer, madeAt }: { place: PageFacts["place"]; signer: Signer; madeAt: Date },
): Promise<SignedBid> {
  const drawn = crypto.getRandomValues(new Uint8Array(ENVELOPE_ID_BYTES));
  const context: Context = { ...place, envelope_id: toHex(drawn) };
  const form: BidForm = {
    tender_code: place.tender,
    lot_code: place.lot,
    bidder_code: signer.organizationCode,
    bidder_name: signer.organizationName,
    ...typed,
    made_at: `${madeAt.toISOString().slice(0, 19)}Z`,
  };
  const sign = (bytes: Bytes) => signWith(signer, bytes);
  const content = await packBid({ form, files, context, certificates: [signer.certificate], sign });
  return { context, content };
}

export async function sealBid(
  { context, content }: SignedBid,
  holderKeys: PageFacts["holderKeys"],
  progress: (done: number) => void,
): Promise<PreparedBid> {
  const pair = newOwnerPair();
  const sealed = await seal(context, content, { holderKeys, ownerPublicKey: pair.publicKey, progress });
  const digest = headerDigest(sealed.header);
  return { ...sealed, digest, owner: ownerKeyOf(pair, context.envelope_id, digest) };
}

// Checks on this device that each key a bid is sealed to was made by its holder for this lot, and opens nothing early.
//
// `yuntai bid` checks the same (bidtool/lots.py), against keys the bidder has from elsewhere.
import { ed25519 } from "@noble/curves/ed25519.js";
import { fromBase64Url } from "../crypto/bytes.ts";
import { canonical, type Json } from "../crypto/canonical.ts";
import { type Holder, HOLDERS, type PerHolder } from "../crypto/sealing.ts";

/** What the page says of one holder.  signing_key: as the holder is set up at the trading system. */
export interface PublishedHolder {
  public_key: string;
  statement: { readonly [field: string]: Json };
  signature: string;
  signing_key: string;
}

export interface Place {
  lot: string;
  bidsDueAt: string;
}

/** Return the holders' keys for the lot; throws a sentence for the bidder when one is not genuine. */
export function checkedKeys(holders: Partial<PerHolder<PublishedHolder>>, place: Place): PerHolder<Uint8Array> {
  const missing = HOLDERS.filter((letter) => holders[letter] === undefined);
  if (missing.length > 0) {
    throw new Error(`保管方 ${missing.join("、")} 的公钥还没有公布，暂不能密封。稍后刷新页面再试。`);
  }
  const keyOf = (letter: Holder) => checkedKey(letter, holders[letter] as PublishedHolder, place);
  return { T: keyOf("T"), P: keyOf("P"), C: keyOf("C"), R: keyOf("R") };
}

function checkedKey(letter: Holder, holder: PublishedHolder, { lot, bidsDueAt }: Place): Uint8Array {
  const { statement } = holder;
  if (!isSigned(holder)) {
    throw new Error(`保管方 ${letter} 的公钥声明签名不符，公钥可能被替换，不能密封。请向该保管方核实。`);
  }
  if (statement["holder"] !== letter || statement["lot"] !== lot) {
    throw new Error(`保管方 ${letter} 的公钥声明不是为标段 ${lot} 作出的，不能密封。请向该保管方核实。`);
  }
  if (statement["public_key"] !== holder.public_key) {
    throw new Error(`公布的 ${letter} 公钥与保管方签名声明的不同，不能密封。请向该保管方核实。`);
  }
  // Written so that an instant that cannot be read is refused, too.
  if (!(Date.parse(String(statement["opens_at"])) >= Date.parse(bidsDueAt))) {
    throw new Error(`保管方 ${letter} 声明可释放份额的时间早于投标截止时间，不能密封。稍后刷新页面再试。`);
  }
  return fromBase64Url(holder.public_key);
}

function isSigned({ statement, signature, signing_key: key }: PublishedHolder): boolean {
  try {
    return ed25519.verify(fromBase64Url(signature), canonical(statement), fromBase64Url(key), { zip215: false });
  } catch {
    return false; // a key, signature or statement of another form proves nothing
  }
}

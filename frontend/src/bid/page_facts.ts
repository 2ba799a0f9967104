// What the bid page says about the lot and its holders, read from the form's data attributes.
import { fromBase64Url } from "../crypto/bytes.ts";
import { type Context, HOLDERS, type PerHolder } from "../crypto/sealing.ts";

const PART = "price";
const MAXIMUM_BYTES = 60 * 2 ** 20; // what one request may carry, less room for padding

export interface PageFacts {
  place: Omit<Context, "envelope_id">;
  holderKeys: PerHolder<Uint8Array>;
  bodyUrl: (sha256: string, envelopeId: string) => string;
  submitUrl: string;
  ceiling: string;
  maximumBytes: number;
}

export function factsOf(form: HTMLFormElement): PageFacts {
  const { context, holderKeys, bodyUrlTemplate, submitUrl, ceilingYuan, maximumBytes } = form.dataset;
  const place = JSON.parse(context ?? "{}") as Partial<Context>;
  const { tender, lot, documents_sha256, part = PART } = place;
  if (tender === undefined || lot === undefined || documents_sha256 === undefined) {
    throw new Error("页面没有给出标段信息，刷新后再试。");
  }
  return {
    place: { tender, lot, part, documents_sha256 },
    holderKeys: keysOf(JSON.parse(holderKeys ?? "{}") as Partial<PerHolder<string>>),
    bodyUrl: (sha256, envelopeId) =>
      (bodyUrlTemplate ?? "").replace("{sha256}", sha256).replace("{envelope_id}", envelopeId),
    submitUrl: submitUrl ?? "",
    ceiling: ceilingYuan ?? "",
    maximumBytes: maximumBytes === undefined ? MAXIMUM_BYTES : Number(maximumBytes),
  };
}

function keysOf(written: Partial<PerHolder<string>>): PerHolder<Uint8Array> {
  const missing = HOLDERS.filter((holder) => written[holder] === undefined);
  if (missing.length > 0) {
    throw new Error(`保管方 ${missing.join("、")} 的公钥还没有公布，暂不能密封。稍后刷新页面再试。`);
  }
  const keyOf = (holder: (typeof HOLDERS)[number]) => fromBase64Url(written[holder] ?? "");
  return { T: keyOf("T"), P: keyOf("P"), C: keyOf("C"), R: keyOf("R") };
}

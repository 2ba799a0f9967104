// What the bid page says about the lot and its holders, read from the form's data attributes.
import type { Context, PerHolder } from "../crypto/sealing.ts";
import { checkedKeys, type PublishedHolder } from "./holder_check.ts";

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
  const { context, holders, bidsDueAt = "", bodyUrlTemplate, submitUrl, ceilingYuan, maximumBytes } = form.dataset;
  const place = JSON.parse(context ?? "{}") as Partial<Context>;
  const { tender, lot, documents_sha256, part = PART } = place;
  if (tender === undefined || lot === undefined || documents_sha256 === undefined) {
    throw new Error("页面没有给出标段信息，刷新后再试。");
  }
  return {
    place: { tender, lot, part, documents_sha256 },
    holderKeys: checkedKeys(JSON.parse(holders ?? "{}") as Partial<PerHolder<PublishedHolder>>, { lot, bidsDueAt }),
    bodyUrl: (sha256, envelopeId) =>
      (bodyUrlTemplate ?? "").replace("{sha256}", sha256).replace("{envelope_id}", envelopeId),
    submitUrl: submitUrl ?? "",
    ceiling: ceilingYuan ?? "",
    maximumBytes: maximumBytes === undefined ? MAXIMUM_BYTES : Number(maximumBytes),
  };
}

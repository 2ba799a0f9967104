// Reads whose a certificate is.  Only that: whether to trust it, the server decides by its trust list.
//
// Certification authorities write the credit code in different places; the first that looks like one is taken.
import { type Bytes, fromBase64, toHex } from "./bytes.ts";
import { BadCertificate, type Element, elements } from "./der.ts";

export { BadCertificate };

export interface Subject {
  personName: string;
  organizationName: string;
  organizationCode: string;
}

// Object identifiers as they stand in DER.
const PERSON_NAME = "550403"; // 2.5.4.3
const ORGANIZATION_NAME = "55040a"; // 2.5.4.10
// 2.5.4.97 organizationIdentifier, 1.2.156.10260.4.1.4 (an extension, GM/T 0015), 2.5.4.5 serialNumber
const PLACES_OF_THE_CODE = ["550461", "2a811cd014040104", "550405"];
const CREDIT_CODE = /^[0-9A-HJ-NP-RTUWXY]{18}$/;
const TEXT_TAGS = new Set([0x0c, 0x13, 0x16]); // UTF8String, PrintableString, IA5String
const EXPLICIT_VERSION = 0xa0;
const EXPLICIT_EXTENSIONS = 0xa3;

export function certificateFromPem(pem: string): Bytes {
  const body = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem)?.[1];
  if (body === undefined) throw new BadCertificate("证书文件中没有证书。");
  return fromBase64(body.replace(/\s/g, ""));
}

export function subjectOf(der: Uint8Array): Subject {
  const [certificate] = elements(der);
  const [signedPart] = elements(certificate?.content);
  const fields = elements(signedPart?.content);
  // version (left out in old certificates), serial, algorithm, issuer, validity, subject
  const names = namesIn(fields[fields[0]?.tag === EXPLICIT_VERSION ? 5 : 4]);
  const found = new Map([...extensionsIn(fields), ...names]);
  const codes = PLACES_OF_THE_CODE.map((place) => found.get(place) ?? "");
  return {
    personName: names.get(PERSON_NAME) ?? "",
    organizationName: names.get(ORGANIZATION_NAME) ?? "",
    organizationCode: codes.find((code) => CREDIT_CODE.test(code)) ?? codes[0] ?? "",
  };
}

function namesIn(name: Element | undefined): Map<string, string> {
  const names = new Map<string, string>();
  for (const set of elements(name?.content)) {
    for (const pair of elements(set.content)) {
      const [type, value] = elements(pair.content);
      if (type !== undefined && value !== undefined) names.set(toHex(type.content), textOf(value.content));
    }
  }
  return names;
}

/** Return the extensions that hold one text. */
function extensionsIn(fields: readonly Element[]): Map<string, string> {
  const texts = new Map<string, string>();
  const [list] = elements(fields.find((field) => field.tag === EXPLICIT_EXTENSIONS)?.content);
  for (const extension of elements(list?.content)) {
    const parts = elements(extension.content);
    const inside = parts.at(-1)?.content;
    if (parts[0] === undefined || inside === undefined || !TEXT_TAGS.has(inside[0] ?? 0)) continue;
    const [text] = elements(inside);
    if (text !== undefined) texts.set(toHex(parts[0].content), textOf(text.content));
  }
  return texts;
}

function textOf(content: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: false }).decode(content);
}

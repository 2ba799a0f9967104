// Reads whose a certificate is.  Only the subject: whether to trust it, the server decides.
import { type Bytes, fromBase64, toHex } from "./bytes.ts";

export interface Subject {
  personName: string;
  organizationName: string;
  organizationCode: string;
}

// Object identifiers as they stand in DER.
const PERSON_NAME = "550403"; // 2.5.4.3
const ORGANIZATION_NAME = "55040a"; // 2.5.4.10
const ORGANIZATION_CODE = "550461"; // 2.5.4.97
const EXPLICIT_VERSION = 0xa0;

export class BadCertificate extends Error {}

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
  const subject = fields[fields[0]?.tag === EXPLICIT_VERSION ? 5 : 4];
  const names = new Map<string, string>();
  for (const set of elements(subject?.content)) {
    for (const pair of elements(set.content)) {
      const [type, value] = elements(pair.content);
      if (type !== undefined && value !== undefined) names.set(toHex(type.content), textOf(value.content));
    }
  }
  const nameOf = (type: string) => names.get(type) ?? "";
  return {
    personName: nameOf(PERSON_NAME),
    organizationName: nameOf(ORGANIZATION_NAME),
    organizationCode: nameOf(ORGANIZATION_CODE),
  };
}

interface Element {
  tag: number;
  content: Uint8Array;
}

/** Read the DER elements that `bytes` holds one after another. */
function elements(bytes: Uint8Array = new Uint8Array(0)): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { length, start } = lengthAt(bytes, at + 1);
    if (start + length > bytes.length) throw new BadCertificate("证书内容不完整。");
    found.push({ tag: bytes[at] ?? 0, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

function lengthAt(bytes: Uint8Array, at: number): { length: number; start: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { length: first, start: at + 1 };
  const start = at + 1 + (first & 0x7f);
  if (first === 0x80 || first > 0x84) throw new BadCertificate("证书不是 DER 编码。");
  return { length: bytes.subarray(at + 1, start).reduce((sum, byte) => sum * 256 + byte, 0), start };
}

function textOf(content: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: false }).decode(content);
}

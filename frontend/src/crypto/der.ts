// Reads DER (X.690): the elements of a certificate or a key, without judging them.

/** A certificate or its key cannot be used; the message says in Chinese what to choose instead. */
export class BadCertificate extends Error {}

export interface Element {
  tag: number;
  content: Uint8Array;
}

/** Read the DER elements that `bytes` holds one after another. */
export function elements(bytes: Uint8Array = new Uint8Array(0)): Element[] {
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

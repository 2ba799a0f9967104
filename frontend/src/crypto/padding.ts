// Padmé padding: hides the exact length of a bid at a cost of at most 12 %.
import { type Bytes, u64 } from "./bytes.ts";

const LENGTH_BYTES = 8;

/** Return the smallest Padmé length not below `length` (at least 1); exact up to 2^53, so no 32-bit operators. */
export function padme(length: number): number {
  const exponent = bitLength(length) - 1;
  const freeBits = Math.max(exponent - bitLength(exponent), 0);
  const step = 2 ** freeBits;
  return Math.ceil(length / step) * step;
}

export function pad(content: Uint8Array): Bytes {
  const padded = new Uint8Array(padme(LENGTH_BYTES + content.length));
  padded.set(u64(content.length));
  padded.set(content, LENGTH_BYTES);
  return padded;
}

/** Return the content; anything but what `pad` writes is refused, so that one content has one padding. */
export function unpad(padded: Bytes): Bytes {
  const view = new DataView(padded.buffer, padded.byteOffset, padded.length);
  const length = padded.length < LENGTH_BYTES ? -1 : Number(view.getBigUint64(0));
  const end = LENGTH_BYTES + length;
  const whole = length >= 0 && end <= padded.length && padme(end) === padded.length;
  if (!whole || padded.subarray(end).some((byte) => byte !== 0)) throw new Error("The padding is not the rule's.");
  return padded.slice(LENGTH_BYTES, end);
}

function bitLength(value: number): number {
  return value === 0 ? 0 : value.toString(2).length;
}

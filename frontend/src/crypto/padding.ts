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

function bitLength(value: number): number {
  return value === 0 ? 0 : value.toString(2).length;
}

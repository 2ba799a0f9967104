// Shamir's scheme over GF(2^8) with the polynomial of AES, threshold 3, each byte for itself.
import type { Bytes } from "./bytes.ts";

const AES_POLYNOMIAL = 0x11b;

/** Return the share at point `x` (1 to 255) of the polynomial secret + first·x + second·x². */
export function shareAt(x: number, secret: Uint8Array, first: Uint8Array, second: Uint8Array): Bytes {
  const square = multiply(x, x);
  return Uint8Array.from(
    secret,
    (byte, at) => byte ^ multiply(first[at] ?? 0, x) ^ multiply(second[at] ?? 0, square),
  );
}

function multiply(left: number, right: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) {
    // Masks instead of branches: the time taken tells nothing of the secret.
    product ^= left & -(right & 1);
    right >>= 1;
    left = (left << 1) ^ (AES_POLYNOMIAL & -(left >> 7));
  }
  return product;
}

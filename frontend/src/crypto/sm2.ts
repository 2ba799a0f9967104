// SM2 by GB/T 32918: signatures with SM3, and public key encryption in the order C1 C3 C2.
import { type WeierstrassPoint, weierstrass } from "@noble/curves/abstract/weierstrass.js";
import { type Bytes, concat, fromHex, toHex, u16, u32, utf8 } from "./bytes.ts";
import { sm3 } from "./sm3.ts";

const PARAMETERS = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
};
const Point = weierstrass(PARAMETERS);
const Scalar = Point.Fn;
const BYTES = 32;
// Every Chinese CA signs under this ID, so that a signature can be checked without asking whose it is.
const IDENTIFIER = utf8("1234567812345678");

/** Return the public key, 65 bytes, of a private key of 32; refused when it is no scalar of the curve. */
export function publicKeyOf(privateKey: Uint8Array): Bytes {
  return concat(Point.BASE.multiply(numberOf(privateKey)).toBytes(false));
}

export function isPublicKey(bytes: Uint8Array): boolean {
  try {
    return bytes.length === 1 + 2 * BYTES && !Point.fromBytes(bytes).is0();
  } catch {
    return false;
  }
}

/** Return the signature over `data`, r and s as 32 bytes each. */
export function signSm2(privateKey: Uint8Array, data: Uint8Array, identifier: Uint8Array = IDENTIFIER): Bytes {
  const secret = numberOf(privateKey);
  const hash = Scalar.create(numberOf(sm3(concat(signerDigest(publicKeyOf(privateKey), identifier), data))));
  for (;;) {
    const once = drawScalar();
    const r = Scalar.add(hash, Scalar.create(Point.BASE.multiply(once).toAffine().x));
    const s = Scalar.mul(Scalar.inv(Scalar.add(1n, secret)), Scalar.sub(once, Scalar.mul(r, secret)));
    if (r !== 0n && s !== 0n && Scalar.add(r, once) !== 0n) return concat(bytesOf(r), bytesOf(s));
  }
}

/**
 * Return point, check value and masked plaintext.
 *
 * ephemerals: candidates for the one-time scalar; the first usable one is taken, so that the same candidates give the
 * same ciphertext.  Each must be as secret as the plaintext and never serve twice.
 */
export function encryptSm2(publicKey: Uint8Array, plaintext: Uint8Array, ephemerals: Iterable<Uint8Array>): Bytes {
  const recipient = Point.fromBytes(publicKey);
  for (const candidate of ephemerals) {
    const scalar = BigInt(`0x${toHex(candidate)}`);
    if (!Scalar.isValidNot0(scalar)) continue;
    const { x, y } = coordinatesOf(recipient.multiply(scalar));
    const mask = maskOf(concat(x, y), plaintext.length);
    if (mask.every((byte) => byte === 0)) continue; // else the plaintext would stand in clear
    const masked = plaintext.map((byte, at) => byte ^ mask[at]!);
    return concat(Point.BASE.multiply(scalar).toBytes(false), sm3(concat(x, plaintext, y)), masked);
  }
  throw new Error("None of the candidates is a scalar of the SM2 curve.");
}

/** What the standard calls Z: the signer's ID, the curve and the public key, hashed. */
function signerDigest(publicKey: Uint8Array, identifier: Uint8Array): Bytes {
  const { a, b, Gx, Gy } = PARAMETERS;
  const curve = [a, b, Gx, Gy].map(bytesOf);
  return concat(sm3(concat(u16(8 * identifier.length), identifier, ...curve, publicKey.subarray(1))));
}

/** The key derivation function of GB/T 32918.3, 5.4.3. */
function maskOf(shared: Uint8Array, length: number): Bytes {
  const count = Math.ceil(length / BYTES);
  const blocks = Array.from({ length: count }, (_, at) => sm3(concat(shared, u32(at + 1))));
  return concat(...blocks).slice(0, length);
}

function coordinatesOf(point: WeierstrassPoint<bigint>): { x: Bytes; y: Bytes } {
  const { x, y } = point.toAffine();
  return { x: bytesOf(x), y: bytesOf(y) };
}

function drawScalar(): bigint {
  for (;;) {
    const drawn = BigInt(`0x${toHex(crypto.getRandomValues(new Uint8Array(BYTES)))}`);
    if (Scalar.isValidNot0(drawn)) return drawn;
  }
}

function numberOf(bytes: Uint8Array): bigint {
  if (bytes.length !== BYTES) throw new RangeError("An SM2 number has 32 bytes.");
  return BigInt(`0x${toHex(bytes)}`);
}

function bytesOf(value: bigint): Bytes {
  return fromHex(value.toString(16).padStart(2 * BYTES, "0"));
}

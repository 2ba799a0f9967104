// SM2, SM3 and SM4 against the examples of the standards, and against Node's OpenSSL where it has them.
import assert from "node:assert/strict";
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { fromHex, toHex, utf8 } from "../src/crypto/bytes.ts";
import { encryptSm2, isPublicKey, publicKeyOf, signSm2 } from "../src/crypto/sm2.ts";
import { sm3 } from "../src/crypto/sm3.ts";
import { sm4, sm4Gcm } from "../src/crypto/sm4.ts";

const SM4_KEY = fromHex("0123456789abcdeffedcba9876543210");

test("SM3 of GB/T 32905", () => {
  assert.equal(toHex(sm3(utf8("abc"))), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  assert.equal(
    toHex(sm3(utf8("abcd".repeat(16)))),
    "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
  );
});

test("SM3 agrees with OpenSSL at every length around a block, whole and in pieces", () => {
  for (let length = 0; length < 200; length++) {
    const message = Uint8Array.from(randomBytes(length));
    const expected = createHash("sm3").update(message).digest("hex");

    assert.equal(toHex(sm3(message)), expected);
    assert.equal(toHex(sm3.create().update(message.subarray(0, 70)).clone().update(message.subarray(70)).digest()), expected);
  }
});

test("SM4 of GB/T 32907, once and a million times", () => {
  const encrypt = sm4(SM4_KEY);
  assert.equal(toHex(encrypt(SM4_KEY)), "681edf34d206965e86b3e94f536e4246");
  let block = SM4_KEY;
  for (let round = 0; round < 1_000_000; round++) block = encrypt(block);
  assert.equal(toHex(block), "595298c7c6fd271f0402f804c33d3f66");
});

test("SM4 agrees with OpenSSL for any key", () => {
  for (let time = 0; time < 50; time++) {
    const [key, block] = [Uint8Array.from(randomBytes(16)), Uint8Array.from(randomBytes(16))];
    const cipher = createCipheriv("sm4-ecb", key, null).setAutoPadding(false);

    assert.equal(toHex(sm4(key)(block)), cipher.update(block, undefined, "hex"));
  }
});

test("SM4-GCM of RFC 8998", () => {
  const plaintext = fromHex([..."abcdefea"].map((digit) => digit.repeat(16)).join(""));
  const additional = fromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");

  assert.equal(
    toHex(sm4Gcm(SM4_KEY).encrypt(fromHex("00001234567800000000abcd"), plaintext, additional)),
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735" +
      "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d" +
      "83de3541e4c2b58177e065a9bf7b62ec",
  );
});

test("a key or nonce of another length is refused", () => {
  assert.throws(() => sm4Gcm(new Uint8Array(32)), RangeError);
  assert.throws(() => sm4Gcm(SM4_KEY).encrypt(new Uint8Array(16), utf8("")), RangeError);
});

// GB/T 32918.5-2017, annexes A and C.
const PRIVATE = fromHex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8");
const PUBLIC =
  "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020" +
  "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
const EPHEMERAL = fromHex("59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21");
const CIPHERTEXT =
  "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73" +
  "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0" +
  "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766" +
  "21886ca989ca9c7d58087307ca93092d651efa";

test("the SM2 key pair and ciphertext of the standard", () => {
  assert.equal(toHex(publicKeyOf(PRIVATE)), PUBLIC);
  assert.equal(toHex(encryptSm2(fromHex(PUBLIC), utf8("encryption standard"), [EPHEMERAL])), CIPHERTEXT);
});

test("candidates that are no scalars are passed over", () => {
  const order = fromHex("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123");
  const candidates = [new Uint8Array(32), order, EPHEMERAL];

  assert.equal(toHex(encryptSm2(fromHex(PUBLIC), utf8("encryption standard"), candidates)), CIPHERTEXT);
  assert.throws(() => encryptSm2(fromHex(PUBLIC), utf8("share"), candidates.slice(0, 2)), /candidates/);
});

test("only a point of the curve is a public key", () => {
  assert.ok(isPublicKey(fromHex(PUBLIC)));
  for (const bad of ["", "04" + "00".repeat(64), PUBLIC.slice(2), PUBLIC.slice(0, -2) + "14", "00"]) {
    assert.equal(isPublicKey(fromHex(bad)), false, bad);
  }
});

test("a private key outside the range signs nothing", () => {
  assert.throws(() => signSm2(new Uint8Array(32), utf8("data")));
  assert.throws(() => signSm2(new Uint8Array(31), utf8("data")), RangeError);
});

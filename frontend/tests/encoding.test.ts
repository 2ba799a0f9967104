import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64Url, fromHex, prefixed, toBase64Url, toHex } from "../src/crypto/bytes.ts";
import { canonicalText } from "../src/crypto/canonical.ts";
import { encodeCbor } from "../src/crypto/cbor.ts";

test("canonical JSON sorts keys by UTF-16 code units and escapes as RFC 8785 shows", () => {
  const value = { "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew", "1": "One", "\ud83d\ude00": "Emoji" };

  assert.equal(
    canonicalText(value),
    '{"\\r":"Carriage Return","1":"One","\u20ac":"Euro Sign","\ud83d\ude00":"Emoji","\ufb33":"Hebrew"}',
  );
  assert.equal(canonicalText(["\u0007\"\\/\u2028", true, null, -5, []]), '["\\u0007\\"\\\\/\u2028",true,null,-5,[]]');
});

test("canonical JSON refuses what could be written in two ways", () => {
  assert.throws(() => canonicalText(0.5), RangeError);
  assert.throws(() => canonicalText(2 ** 53), RangeError);
  assert.throws(() => canonicalText("\ud800"), RangeError);
  assert.equal(canonicalText(2 ** 53 - 1), "9007199254740991");
});

test("CBOR writes lengths the shortest way on both sides of each edge", () => {
  const headOf = (length: number) => toHex(encodeCbor(new Uint8Array(length)).subarray(0, 5));

  assert.equal(headOf(23).slice(0, 2), "57");
  assert.equal(headOf(24).slice(0, 4), "5818");
  assert.equal(headOf(255).slice(0, 4), "58ff");
  assert.equal(headOf(256).slice(0, 6), "590100");
  assert.equal(headOf(65535).slice(0, 6), "59ffff");
  assert.equal(headOf(65536), "5a00010000");
});

test("CBOR keeps the order of a map and nests lists", () => {
  const value = new Map([["b", [fromHex("01"), "甲"]], ["a", []]] as const);

  assert.equal(toHex(encodeCbor(value)), "a261628241 0163e794b2616180".replace(" ", ""));
});

test("hex and base64url refuse other spellings of the same bytes", () => {
  assert.throws(() => fromHex("AB"), SyntaxError);
  assert.throws(() => fromHex("abc"), SyntaxError);
  assert.throws(() => fromBase64Url("_w=="), SyntaxError);
  assert.equal(toBase64Url(fromBase64Url("_-8")), "_-8");
});

test("a prefixed part has at most 65535 bytes", () => {
  assert.equal(toHex(prefixed(new Uint8Array(65535)).subarray(0, 2)), "ffff");
  assert.throws(() => prefixed(new Uint8Array(65536)), RangeError);
});

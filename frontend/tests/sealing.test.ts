import assert from "node:assert/strict";
import { test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519.js";
import { fromBase64Url, fromHex, toBase64Url, utf8 } from "../src/crypto/bytes.ts";
import { canonicalText } from "../src/crypto/canonical.ts";
import { challengeBytes } from "../src/crypto/challenge.ts";
import { padme } from "../src/crypto/padding.ts";
import { headerDigest, type PerHolder, seal } from "../src/crypto/sealing.ts";
import { suiteOf } from "../src/crypto/suites.ts";
import { nationalVectors, vectors } from "./vectors.ts";

function keysOf({ T, P, C, R }: PerHolder<string>): PerHolder<Uint8Array> {
  return { T: fromBase64Url(T), P: fromBase64Url(P), C: fromBase64Url(C), R: fromBase64Url(R) };
}

const holderKeys = keysOf(vectors.holder_public_keys);
const nationalKeys = keysOf(nationalVectors.holder_public_keys);

test("the examples cover both sides of the chunk edge", () => {
  const lengths = vectors.examples.map((example) => example.padded_length);

  assert.ok(lengths.includes(16384) && lengths.some((length) => length > 16384));
});

const examples = [
  ...vectors.examples.map((example) => ({ example, holderKeys })),
  ...nationalVectors.examples.map((example) => ({ example, holderKeys: nationalKeys })),
];

for (const { example, holderKeys } of examples) {
  test(`seals ${example.content_length} bytes exactly as the example of ${example.header.suite}`, async () => {
    const content = Uint8Array.from({ length: example.content_length }, (_, at) => (7 * at + 3) % 256);
    const ownerPublicKey = fromBase64Url(example.header.owner_public_key);
    const entropy = () => fromHex(example.entropy);

    const { header, body } = await seal(example.header.context, content, { holderKeys, ownerPublicKey, entropy });

    assert.deepEqual(header, example.header);
    // Long bodies are published by hash alone, which stands in the header.
    if (example.body_base64url !== null) assert.equal(toBase64Url(body), example.body_base64url);
    assert.equal(headerDigest(header), example.header_sha256);
    assert.equal(canonicalText({ ...header, context: { ...header.context } }), example.header_canonical);
  });
}

test("two sealings of one bid share nothing that tells so", async () => {
  const [example] = vectors.examples;
  assert.ok(example);
  const ownerPublicKey = fromBase64Url(example.header.owner_public_key);
  const sealOnce = () => seal(example.header.context, utf8("投标"), { holderKeys, ownerPublicKey });

  const [first, second] = [await sealOnce(), await sealOnce()];

  assert.notEqual(first.header.key_commitment, second.header.key_commitment);
  assert.notDeepEqual(first.body, second.body);
});

test("refuses to seal without the key of a holder", async () => {
  const [example] = vectors.examples;
  assert.ok(example);
  const ownerPublicKey = fromBase64Url(example.header.owner_public_key);
  const keys = { ...holderKeys, R: new Uint8Array(64) };

  await assert.rejects(seal(example.header.context, utf8(""), { holderKeys: keys, ownerPublicKey }), /保管方 R/);
});

test("refuses a holder's key that is no point of the curve", async () => {
  const [example] = vectors.examples;
  assert.ok(example);
  const ownerPublicKey = fromBase64Url(example.header.owner_public_key);
  const keys = { ...holderKeys, C: new Uint8Array(65).fill(4) };

  await assert.rejects(seal(example.header.context, utf8(""), { holderKeys: keys, ownerPublicKey }));
});

test("refuses holders' keys of two curves", async () => {
  const [example] = vectors.examples;
  assert.ok(example);
  const ownerPublicKey = fromBase64Url(example.header.owner_public_key);
  const keys = { ...holderKeys, C: nationalKeys.C };

  assert.equal(suiteOf(Object.values(keys)), undefined);
  await assert.rejects(seal(example.header.context, utf8(""), { holderKeys: keys, ownerPublicKey }), /同一条曲线/);
});

test("ten megabytes are sealed in the national suite while the page goes on", async () => {
  const [example] = nationalVectors.examples;
  assert.ok(example);
  const ownerPublicKey = fromBase64Url(example.header.owner_public_key);
  let turns = 0;
  const page = setInterval(() => turns++, 1);

  await seal(example.header.context, new Uint8Array(10 << 20), { holderKeys: nationalKeys, ownerPublicKey });

  clearInterval(page);
  assert.ok(turns >= 5, `the page had ${turns} turns`);
});

test("pads to the published lengths", () => {
  for (const [length, padded] of Object.entries(vectors.padme)) assert.equal(padme(Number(length)), padded);
});

test("the owner key signs as published", () => {
  const { statement_canonical, signature } = vectors.owner_signature_example;
  const secretKey = fromHex(vectors.owner_private_key);

  assert.equal(toBase64Url(ed25519.sign(utf8(statement_canonical), secretKey)), signature);
});

test("the login challenge is the published one", () => {
  const { challenge, ...given } = vectors.login_challenge;
  const issued_at = given.issued_at.replace("+00:00", "Z");

  assert.deepEqual(challengeBytes({ ...given, issued_at }), utf8(challenge));
});

test("a challenge with a line break in it is not signed", () => {
  const challenge = { origin: "http://localhost:8010\nx", nonce: "00", issued_at: "2026-03-02T01:00:00Z", purpose: "login" };

  assert.throws(() => challengeBytes(challenge), SyntaxError);
});

// Opening with a published key, in both suites.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, fromBase64Url, fromHex, toBase64Url } from "../src/crypto/bytes.ts";
import { openWith } from "../src/crypto/opening.ts";
import { type Header, type PerHolder, seal } from "../src/crypto/sealing.ts";
import { sm4Gcm } from "../src/crypto/sm4.ts";
import { nationalVectors, vectors } from "./vectors.ts";

for (const { examples, holder_public_keys } of [vectors, nationalVectors]) {
  const { T, P, C, R } = holder_public_keys;
  const holderKeys = { T: fromBase64Url(T), P: fromBase64Url(P), C: fromBase64Url(C), R: fromBase64Url(R) };
  const published = examples.filter((example) => example.body_base64url !== null);
  const [first] = published;
  assert.ok(first);
  const suite = first.header.suite;
  const key = fromHex(first.entropy);
  const body = fromBase64Url(first.body_base64url ?? "") as Bytes;

  for (const example of published) {
    test(`opens ${example.content_length} bytes that Python sealed in ${suite}`, async () => {
      const sealed = { header: example.header, body: fromBase64Url(example.body_base64url ?? ""), holderKeys };

      const content = await openWith(fromHex(example.entropy), sealed);

      assert.deepEqual(content, Uint8Array.from({ length: example.content_length }, (_, at) => (7 * at + 3) % 256));
    });
  }

  for (const length of [16375, 16376, 16377, 40000]) {
    test(`opens ${length} bytes around the edge of a chunk in ${suite}`, async () => {
      const content = new Uint8Array(length).fill(9);
      const ownerPublicKey = fromBase64Url(first.header.owner_public_key);
      const sealed = await seal(first.header.context, content, { holderKeys, ownerPublicKey, entropy: () => key });

      assert.deepEqual(await openWith(key, { ...sealed, holderKeys }), content);
      const cut = sealed.body.slice(0, 56 + (16384 + 16) * Math.floor((sealed.body.length - 56) / (16384 + 16)));
      await assert.rejects(openWith(key, { header: sealed.header, body: cut, holderKeys }), /不能用公布的密钥解开/);
    });
  }

  test(`does not open under another key in ${suite}`, async () => {
    await assert.rejects(openWith(new Uint8Array(32), { header: first.header, body, holderKeys }), /公布的密钥/);
  });

  test(`notices one flipped bit of the body in ${suite}`, async () => {
    for (const at of [0, 24, 56, body.length - 1]) {
      const altered = body.slice();
      altered[at]! ^= 1;
      await assert.rejects(openWith(key, { header: first.header, body: altered, holderKeys }), /公布的密钥/);
    }
  });

  test(`notices a share wrapped otherwise than by the rule in ${suite}`, async () => {
    const wrapped: PerHolder<string> = { ...first.header.wrapped_shares };
    const other = fromBase64Url(wrapped.R);
    other[80]! ^= 1;
    const header: Header = { ...first.header, wrapped_shares: { ...wrapped, R: toBase64Url(other) } };

    await assert.rejects(openWith(key, { header, body, holderKeys }), /重新密封的结果/);
  });

  test(`refuses a header of ${suite} under the other suite's keys`, async () => {
    const others = suite === "national-1" ? vectors.holder_public_keys : nationalVectors.holder_public_keys;
    const keys = { T: fromBase64Url(others.T), P: fromBase64Url(others.P), C: fromBase64Url(others.C), R: fromBase64Url(others.R) };

    await assert.rejects(openWith(key, { header: first.header, body, holderKeys: keys }), /密封算法/);
  });
}

test("SM4-GCM decrypts the example of RFC 8998 and nothing that differs from it", () => {
  const cipher = sm4Gcm(fromHex("0123456789abcdeffedcba9876543210"));
  const nonce = fromHex("00001234567800000000abcd");
  const additional = fromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const plaintext = fromHex([..."abcdefea"].map((digit) => digit.repeat(16)).join(""));
  const sealed = cipher.encrypt(nonce, plaintext, additional);

  assert.deepEqual(cipher.decrypt(nonce, sealed, additional), plaintext);
  assert.throws(() => cipher.decrypt(nonce, sealed), /authentic/);
  assert.throws(() => cipher.decrypt(nonce, sealed.subarray(0, 15), additional), /authentic/);
  assert.throws(() => cipher.decrypt(nonce, sealed.with(3, 0), additional), /authentic/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64Url, fromHex } from "../src/crypto/bytes.ts";
import { openWith } from "../src/crypto/opening.ts";
import { seal } from "../src/crypto/sealing.ts";
import { sealsAndOpens } from "../src/selftest/sample.ts";
import { vectors } from "./vectors.ts";

const { T, P, C, R } = vectors.holder_public_keys;
const holderKeys = { T: fromBase64Url(T), P: fromBase64Url(P), C: fromBase64Url(C), R: fromBase64Url(R) };

for (const example of vectors.examples) {
  test(`opens the published example of ${example.content_length} bytes with its key`, async () => {
    const content = Uint8Array.from({ length: example.content_length }, (_, at) => (7 * at + 3) % 256);
    const ownerPublicKey = fromBase64Url(example.header.owner_public_key);
    const key = fromHex(example.entropy);
    const sealed = await seal(example.header.context, content, { holderKeys, ownerPublicKey, entropy: () => key });

    assert.deepEqual(await openWith(key, { ...sealed, holderKeys }), content);
    sealed.body[sealed.body.length - 1] = (sealed.body.at(-1) ?? 0) ^ 1;
    await assert.rejects(openWith(key, { ...sealed, holderKeys }), /密钥解开/);
  });
}

test("the self-test's sample is sealed and opened on this device", async () => {
  await sealsAndOpens();
});

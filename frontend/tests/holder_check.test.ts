import assert from "node:assert/strict";
import { test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519.js";
import { fromBase64Url, toBase64Url } from "../src/crypto/bytes.ts";
import { canonical } from "../src/crypto/canonical.ts";
import { HOLDERS, type Holder, type PerHolder } from "../src/crypto/sealing.ts";
import { checkedKeys, type PublishedHolder } from "../src/bid/holder_check.ts";
import { vectors } from "./vectors.ts";

const LOT = "E3207000001000001001001";
const PLACE = { lot: LOT, bidsDueAt: "2026-03-22T01:00:00+00:00" };
const pair = ed25519.keygen();

function published(letter: Holder, changes: Record<string, string> = {}): PublishedHolder {
  const public_key = vectors.holder_public_keys[letter];
  const statement = { holder: letter, lot: LOT, opens_at: "2026-03-22T01:00:00Z", public_key, ...changes };
  const signature = toBase64Url(ed25519.sign(canonical(statement), pair.secretKey));
  return { public_key, statement, signature, signing_key: toBase64Url(pair.publicKey) };
}

function all(changed: Partial<PerHolder<PublishedHolder>> = {}): Partial<PerHolder<PublishedHolder>> {
  return { T: published("T"), P: published("P"), C: published("C"), R: published("R"), ...changed };
}

test("genuine keys are taken as they were published", () => {
  const keys = checkedKeys(all(), PLACE);

  for (const letter of HOLDERS) {
    assert.deepEqual(keys[letter], fromBase64Url(vectors.holder_public_keys[letter]));
  }
});

test("a key that was put in place of the holder's is refused", () => {
  const swapped = { ...published("P"), public_key: vectors.holder_public_keys.R };

  assert.throws(() => checkedKeys(all({ P: swapped }), PLACE), /P 公钥与保管方签名声明的不同/);
});

test("a statement that somebody else signed is refused", () => {
  const stranger = ed25519.keygen();
  const genuine = published("C");
  const signature = toBase64Url(ed25519.sign(canonical(genuine.statement), stranger.secretKey));

  assert.throws(() => checkedKeys(all({ C: { ...genuine, signature } }), PLACE), /保管方 C 的公钥声明签名不符/);
});

test("a statement that was altered after signing is refused", () => {
  const genuine = published("T");
  const statement = { ...genuine.statement, opens_at: "2026-03-23T01:00:00Z" };

  assert.throws(() => checkedKeys(all({ T: { ...genuine, statement } }), PLACE), /签名不符/);
});

test("without a known holder, signature or statement there is no sealing", () => {
  for (const lacking of [{ signing_key: "" }, { signature: "" }, { signature: "*" }, { statement: {} }]) {
    assert.throws(() => checkedKeys(all({ R: { ...published("R"), ...lacking } }), PLACE), /保管方 R 的公钥声明签名不符/);
  }
});

test("a statement for another lot or by another holder is refused", () => {
  for (const changes of [{ lot: "E3207000001000001001002" }, { holder: "T" }]) {
    assert.throws(() => checkedKeys(all({ P: published("P", changes) }), PLACE), /不是为标段/);
  }
});

test("a holder that may release before the deadline is refused, from the deadline on it is taken", () => {
  for (const opens_at of ["2026-03-22T00:59:59Z", "soon"]) {
    assert.throws(() => checkedKeys(all({ P: published("P", { opens_at }) }), PLACE), /早于投标截止时间/);
  }
  checkedKeys(all({ P: published("P", { opens_at: "2026-03-22T01:00:01Z" }) }), PLACE);
});

test("a holder that is not there is named", () => {
  const { R: _, ...three } = all();

  assert.throws(() => checkedKeys(three, PLACE), /保管方 R 的公钥还没有公布/);
});

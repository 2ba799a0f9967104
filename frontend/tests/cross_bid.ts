// Makes a bid from a case on standard input and prints what it made, for Python to open (tests/frontend).
import { text } from "node:stream/consumers";
import { fromBase64, fromBase64Url, toBase64 } from "../src/crypto/bytes.ts";
import { certificateFromPem, subjectOf } from "../src/crypto/certificate.ts";
import { signAsOwner } from "../src/crypto/owner.ts";
import type { PerHolder } from "../src/crypto/sealing.ts";
import { signerFromBundle } from "../src/crypto/signer.ts";
import { sealBid, signBid } from "../src/bid/prepare.ts";
import type { TypedBid } from "../src/bid/form_check.ts";
import { exactAmount, inCapitals } from "../src/page/capitals.ts";
import { timeLeft } from "../src/page/time_left.ts";

interface Case {
  place: { tender: string; lot: string; part: string; documents_sha256: string };
  holder_keys: PerHolder<string>;
  bundle: { certificate_pem: string };
  typed: TypedBid;
  files: [string, string][];
  made_at: string;
  amounts: string[];
  seconds: number[];
}

const given = JSON.parse(await text(process.stdin)) as Case;
const { T, P, C, R } = given.holder_keys;
const holderKeys = { T: fromBase64Url(T), P: fromBase64Url(P), C: fromBase64Url(C), R: fromBase64Url(R) };
const signer = await signerFromBundle(given.bundle);
const files = new Map(given.files.map(([name, content]) => [name, fromBase64(content)]));
const place = given.place;
const signed = await signBid(given.typed, files, { place, signer, madeAt: new Date(given.made_at) });
const bid = await sealBid(signed, holderKeys, () => {});

process.stdout.write(
  JSON.stringify({
    header: bid.header,
    digest: bid.digest,
    content: toBase64(signed.content),
    body: toBase64(bid.body),
    submit_signature: signAsOwner(bid.owner, "submit"),
    withdraw_signature: signAsOwner(bid.owner, "withdraw"),
    subject: subjectOf(certificateFromPem(given.bundle.certificate_pem)),
    key_is_extractable: signer.key.extractable,
    capitals: given.amounts.map((amount) => inCapitals(exactAmount(amount) ?? "")),
    time_left: given.seconds.map(timeLeft),
  }),
);

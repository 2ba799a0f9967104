// The certificate's part of the self-test: readable here, believed by the server, valid beyond the deadline.
import { toBase64, toBase64Url } from "../crypto/bytes.ts";
import { type Challenge, challengeBytes } from "../crypto/challenge.ts";
import { currentSigner } from "../crypto/key_store.ts";
import { type Signer, signerFromBundle, signWith } from "../crypto/signer.ts";
import { getJson, postJson } from "../net/problem.ts";
import { jsonOfFile } from "../page/dom.ts";

export interface Confirmed {
  person_name: string;
  organization_name: string;
  not_after: string;
}

/** Return the signer of the chosen file, of the login on this device when none is chosen, or null. */
export async function findSigner(file: File | undefined): Promise<Signer | null> {
  if (file !== undefined) return signerFromBundle(await jsonOfFile(file));
  return currentSigner().catch(() => null);
}

/** Sign the server's challenge, which no login accepts, and return what the server says of the certificate. */
export async function askServer(signer: Signer): Promise<Confirmed> {
  const given = (await getJson("/api/selftest/challenge")) as Challenge & { csrf_token: string };
  const signature = toBase64Url(await signWith(signer, challengeBytes(given)));
  const sent = { certificate: toBase64(signer.certificate), signature };
  return (await postJson("/api/selftest/certificate", sent, given.csrf_token)) as Confirmed;
}

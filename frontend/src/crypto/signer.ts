// A person's certificate and key on this device, P-256 or SM2.
//
// A P-256 key is imported so that scripts can use but not read it.  Browsers have no SM2, so an SM2 key stands here as
// it is: this is the sandbox's soft key; in a real city the key stays in a USB key or a phone.
import { BadCertificate, certificateFromPem, type Subject, subjectOf } from "./certificate.ts";
import { type Bytes, concat, fromBase64, toHex } from "./bytes.ts";
import { elements } from "./der.ts";
import { publicKeyOf, signSm2 } from "./sm2.ts";

const FORMAT = "yuntai-sandbox-key-v1";
const ECDSA = { name: "ECDSA", namedCurve: "P-256" } as const;
const SM2_CURVE = "2a811ccf5501822d"; // 1.2.156.10197.1.301 as it stands in DER

export interface Sm2Key {
  algorithm: { name: "SM2" };
  extractable: true;
  scalar: Bytes;
}

export interface Signer extends Subject {
  certificate: Bytes;
  key: CryptoKey | Sm2Key;
  roleName: string;
}

/** Import a certificate bundle; the sentence of the error says what to choose instead. */
export async function signerFromBundle(bundle: unknown): Promise<Signer> {
  const { format, certificate_pem, private_key_pem, role_name } = Object(bundle) as Record<string, unknown>;
  if (format !== FORMAT || typeof certificate_pem !== "string" || typeof private_key_pem !== "string") {
    throw new BadCertificate("这不是证书文件。选择发证时下载的证书文件（.json）。");
  }
  const certificate = certificateFromPem(certificate_pem);
  const subject = subjectOf(certificate);
  const pkcs8 = bytesOfPrivateKey(private_key_pem);
  try {
    const key = sm2KeyIn(pkcs8) ?? (await crypto.subtle.importKey("pkcs8", pkcs8, ECDSA, false, ["sign"]));
    return { ...subject, certificate, key, roleName: typeof role_name === "string" ? role_name : "" };
  } catch {
    throw new BadCertificate("证书文件中的私钥不能用，须为 SM2 或 P-256 椭圆曲线私钥（PKCS#8）。");
  } finally {
    pkcs8.fill(0);
  }
}

/** Return the signature, raw r‖s, 64 bytes: SM2 with SM3 or ECDSA with SHA-256, by the key. */
export async function signWith({ key }: Signer, bytes: Bytes): Promise<Bytes> {
  if ("scalar" in key) return signSm2(key.scalar, bytes);
  return concat(new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, bytes)));
}

/** Read an SM2 key from PKCS#8; null when it is on another curve. */
function sm2KeyIn(pkcs8: Bytes): Sm2Key | null {
  const [whole] = elements(pkcs8);
  const [, algorithm, inside] = elements(whole?.content);
  const curve = elements(algorithm?.content)[1];
  if (curve === undefined || toHex(curve.content) !== SM2_CURVE) return null;
  const [key] = elements(inside?.content);
  const scalar = concat(elements(key?.content)[1]?.content ?? new Uint8Array(0));
  publicKeyOf(scalar);
  return { algorithm: { name: "SM2" }, extractable: true, scalar };
}

function bytesOfPrivateKey(pem: string): Bytes {
  const body = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/.exec(pem)?.[1];
  if (body === undefined) throw new BadCertificate("证书文件中没有 PKCS#8 私钥。");
  return fromBase64(body.replace(/\s/g, ""));
}

// A person's certificate and key on this device.  The key is imported so that scripts can use but not read it.
import { BadCertificate, certificateFromPem, type Subject, subjectOf } from "./certificate.ts";
import { type Bytes, concat, fromBase64 } from "./bytes.ts";

const FORMAT = "yuntai-sandbox-key-v1";
const ECDSA = { name: "ECDSA", namedCurve: "P-256" } as const;

export interface Signer extends Subject {
  certificate: Bytes;
  key: CryptoKey;
  roleName: string;
}

/** Import a certificate bundle; the sentence of the error says what to choose instead. */
export async function signerFromBundle(bundle: unknown): Promise<Signer> {
  const { format, certificate_pem, private_key_pem, role_name } = Object(bundle) as Record<string, unknown>;
  if (format !== FORMAT || typeof certificate_pem !== "string" || typeof private_key_pem !== "string") {
    throw new BadCertificate("这不是证书文件。选择发证时下载的证书文件（.json）。");
  }
  const certificate = certificateFromPem(certificate_pem);
  const pkcs8 = bytesOfPrivateKey(private_key_pem);
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("pkcs8", pkcs8, ECDSA, false, ["sign"]);
  } catch {
    throw new BadCertificate("证书文件中的私钥不能用，须为 P-256 椭圆曲线私钥（PKCS#8）。");
  } finally {
    pkcs8.fill(0);
  }
  return { ...subjectOf(certificate), certificate, key, roleName: typeof role_name === "string" ? role_name : "" };
}

/** Return the ECDSA signature over SHA-256, raw r‖s, 64 bytes. */
export async function signWith(signer: Signer, bytes: Bytes): Promise<Bytes> {
  return concat(new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signer.key, bytes)));
}

function bytesOfPrivateKey(pem: string): Bytes {
  const body = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/.exec(pem)?.[1];
  if (body === undefined) throw new BadCertificate("证书文件中没有 PKCS#8 私钥。");
  return fromBase64(body.replace(/\s/g, ""));
}

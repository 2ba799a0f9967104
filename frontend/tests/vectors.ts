// The published worked examples of docs/connect/sealing.md.
import { readFileSync } from "node:fs";
import type { Header, PerHolder } from "../src/crypto/sealing.ts";

interface Example {
  content_length: number;
  entropy: string;
  padded_length: number;
  header: Header;
  header_canonical: string;
  header_sha256: string;
  body_base64url: string | null;
}

interface Vectors {
  holder_public_keys: PerHolder<string>;
  owner_private_key: string;
  owner_signature_example: { statement_canonical: string; signature: string };
  padme: Record<string, number>;
  examples: Example[];
  login_challenge: { origin: string; nonce: string; issued_at: string; purpose: string; challenge: string };
}

const FOLDER = new URL("../../yuntai/trust/tests/vectors/", import.meta.url);

function read<Form>(name: string): Form {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Form;
}

export const vectors = read<Vectors>("sealing-v1.json");
export const nationalVectors = read<Pick<Vectors, "holder_public_keys" | "examples">>("sealing-national-v1.json");

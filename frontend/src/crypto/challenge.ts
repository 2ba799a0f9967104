// The bytes that a login signs (yuntai/trust/challenge.py).
import { type Bytes, utf8 } from "./bytes.ts";

export interface Challenge {
  origin: string;
  nonce: string;
  issued_at: string;
  purpose: string;
}

export function challengeBytes({ origin, nonce, issued_at, purpose }: Challenge): Bytes {
  const lines = ["yuntai-login-v1", origin, nonce, issued_at, purpose];
  if (lines.some((line) => /[\r\n]/.test(line))) throw new SyntaxError("Each part fits on one line.");
  return utf8(lines.join("\n"));
}

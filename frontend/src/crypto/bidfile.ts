// The inside of a sealed bid: form, files, certificates and signature as one CBOR map (yuntai/standard/bidfile.py).
import { type Bytes, sha256, toHex } from "./bytes.ts";
import { canonical } from "./canonical.ts";
import { type Cbor, encodeCbor } from "./cbor.ts";
import { type Context, encodeContext } from "./sealing.ts";

const LONGEST_FILE_NAME = 120;
export const MOST_FILES = 500;

export interface BidForm {
  tender_code: string;
  lot_code: string;
  bidder_code: string;
  bidder_name: string;
  price_yuan: string;
  duration_days: number;
  project_lead: string;
  quality: string;
  note: string;
  made_at: string;
}

export interface BidParts {
  form: BidForm;
  files: ReadonlyMap<string, Bytes>;
  context: Context;
  certificates: readonly Uint8Array[];
  sign: (bytes: Bytes) => Promise<Uint8Array>;
}

export async function packBid({ form, files, context, certificates, sign }: BidParts): Promise<Bytes> {
  const formBytes = canonical({ ...form });
  const signature = await sign(await bytesToSign(context, formBytes, files));
  return encodeCbor(
    new Map<string, Cbor>([
      ["form", formBytes],
      ["files", files],
      ["certificates", certificates],
      ["signature", signature],
    ]),
  );
}

async function bytesToSign(context: Context, form: Bytes, files: ReadonlyMap<string, Bytes>): Promise<Bytes> {
  const hashes: Record<string, string> = {};
  for (const [name, file] of files) hashes[name] = toHex(await sha256(file));
  return canonical({
    context: toHex(encodeContext(context)),
    form_sha256: toHex(await sha256(form)),
    files: hashes,
  });
}

/** Return why a file can't go in under this name, or "" when it can; the same rule as the reader's. */
export function problemOfFileName(name: string): string {
  const printable = /^(?:[^\p{C}\p{Z}]| )+$/u.test(name) && name === name.trim() && !name.startsWith(".");
  if (printable && !/[/\\:*?"<>|]/.test(name) && [...name].length <= LONGEST_FILE_NAME) return "";
  return `附件名“${name}”不能用：最多 ${LONGEST_FILE_NAME} 个字，不得以点开头，不得含 / \\ : * ? " < > |。改名后重新选择。`;
}

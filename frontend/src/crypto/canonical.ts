// Canonical JSON (RFC 8785) for what we sign: text, safe integers, booleans, null, lists and maps of these.
//
// Fractions are left out on purpose: money is text, so no number here can lose a digit.
import { type Bytes, utf8 } from "./bytes.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export function canonicalText(value: Json): string {
  if (typeof value === "string") return text(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new RangeError("Only whole numbers up to 2^53-1 are signed.");
    return String(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const map = value as { readonly [key: string]: Json };
  // The default sort compares UTF-16 code units, as the RFC asks.
  const members = Object.keys(map)
    .sort()
    .map((key) => `${text(key)}:${canonicalText(map[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

export function canonical(value: Json): Bytes {
  return utf8(canonicalText(value));
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new RangeError("The text has half a character in it.");
  return JSON.stringify(value);
}

// Requests to this system, and what a refusal says (application/problem+json, RFC 9457).
import { csrfHeaders } from "./csrf.ts";

const NO_ANSWER = "连接不上服务器，没有办理。检查网络后再试；填写的内容仍在本页。";
const NO_REASON = "服务器没有说明原因，没有办理。稍后再试；填写的内容仍在本页。";

/** A refusal or a lost connection.  message: one sentence for the person.  status: 0 when nothing answered. */
export class Refused extends Error {
  readonly status: number;

  constructor(detail: string, status: number) {
    super(detail);
    this.status = status;
  }

  /** Whether sending the same again may succeed. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function lostConnection(): Refused {
  return new Refused(NO_ANSWER, 0);
}

export function refusalOf(status: number, body: unknown): Refused {
  const { detail } = Object(body) as { detail?: unknown };
  return new Refused(typeof detail === "string" && detail !== "" ? detail : NO_REASON, status);
}

export async function getJson(url: string): Promise<unknown> {
  return answerTo(url, { headers: { Accept: "application/json" } });
}

export async function postJson(url: string, body: unknown, csrfToken?: string): Promise<unknown> {
  const token = csrfToken === undefined ? csrfHeaders() : { "X-CSRFToken": csrfToken };
  const headers = { ...token, Accept: "application/json", "Content-Type": "application/json" };
  return answerTo(url, { method: "POST", headers, body: JSON.stringify(body) });
}

export async function putBytes(url: string, body: Uint8Array<ArrayBuffer>, csrfToken: string): Promise<unknown> {
  const headers = { "X-CSRFToken": csrfToken, "Content-Type": "application/octet-stream" };
  return answerTo(url, { method: "PUT", headers, body });
}

async function answerTo(url: string, request: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { ...request, cache: "no-store" });
  } catch {
    throw lostConnection();
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusalOf(response.status, body);
  return body;
}

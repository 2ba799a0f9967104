// Sends a ciphertext and tells how much has gone; fetch can't tell, so this is XMLHttpRequest.
import type { Bytes } from "../crypto/bytes.ts";
import { csrfHeaders } from "./csrf.ts";
import { lostConnection, refusalOf, Refused } from "./problem.ts";

const TRIES = 3;
const FIRST_PAUSE_MS = 1000;

export interface Upload {
  url: string;
  body: Bytes;
  sha256: string;
  progress: (done: number) => void;
}

/** PUT the body; tried three times when the connection is lost, since the same bytes may be put again. */
export async function upload(what: Upload): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await putOnce(what);
      return;
    } catch (error) {
      if (!(error instanceof Refused) || !error.isPassing || attempt === TRIES) throw error;
      await new Promise((resume) => setTimeout(resume, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
    }
  }
}

function putOnce({ url, body, sha256, progress }: Upload): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    const headers = { ...csrfHeaders(), "Content-Type": "application/octet-stream", "X-Body-Sha256": sha256 };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(lostConnection());
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(refusalOf(request.status, parsed(request.responseText)));
    };
    request.send(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

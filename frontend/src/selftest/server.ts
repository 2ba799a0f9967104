// The server's part of the self-test: how far this device's clock is off, and how fast a bid would go up.
import { getJson, putBytes } from "../net/problem.ts";

const MEBIBYTE = 1024 * 1024;
const PROBE_BYTES = 2 * MEBIBYTE;
const BID_BYTES = 100 * MEBIBYTE;
const AT_MOST_PER_DRAW = 65_536;

/** Return by how many seconds this device's clock is ahead of the server's. */
export async function clockAhead(): Promise<number> {
  const sentMs = Date.now();
  const { now } = (await getJson("/clock")) as { now: string };
  return ((sentMs + Date.now()) / 2 - new Date(now).getTime()) / 1000;
}

export interface Speed {
  mebibytesPerSecond: number;
  secondsForBid: number;
}

/** Send 2 MiB of random bytes, which the server counts and drops. */
export async function uploadSpeed(): Promise<Speed> {
  const { csrf_token } = (await getJson("/api/selftest/challenge")) as { csrf_token: string };
  const probe = new Uint8Array(PROBE_BYTES);
  for (let at = 0; at < probe.length; at += AT_MOST_PER_DRAW) {
    crypto.getRandomValues(probe.subarray(at, at + AT_MOST_PER_DRAW));
  }
  const startedMs = performance.now();
  await putBytes("/api/selftest/upload", probe, csrf_token);
  const seconds = Math.max(0.001, (performance.now() - startedMs) / 1000);
  return { mebibytesPerSecond: PROBE_BYTES / MEBIBYTE / seconds, secondsForBid: (BID_BYTES / PROBE_BYTES) * seconds };
}

export function durationInWords(seconds: number): string {
  if (seconds < 60) return `约 ${Math.max(1, Math.round(seconds))} 秒`;
  return `约 ${Math.round(seconds / 60)} 分钟`;
}

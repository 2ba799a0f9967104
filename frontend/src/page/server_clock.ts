// The server's clock, followed by this page: deadlines are judged there, so nothing here asks the device's own.
//
// The page carries the instant it was made (meta server-now).  Where the system offers meta clock-url
// (JSON {"now": ISO instant}), the clock is set again every minute and when the page comes back into view.

const EVERY_MS = 60_000;

export type ClockState = "page" | "in-step" | "lost";

export class ServerClock extends EventTarget {
  #aheadMs: number;
  #state: ClockState = "page";

  constructor(aheadMs: number) {
    super();
    this.#aheadMs = aheadMs;
  }

  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  get state(): ClockState {
    return this.#state;
  }

  /** Set the clock by an answer that named `server` between `sentMs` and `receivedMs` of this device's clock. */
  set(server: Date, sentMs: number, receivedMs: number): void {
    this.#aheadMs = server.getTime() - (sentMs + receivedMs) / 2;
    this.#tell("in-step");
  }

  lose(): void {
    this.#tell("lost");
  }

  #tell(state: ClockState): void {
    this.#state = state;
    this.dispatchEvent(new Event("state"));
  }
}

export function clockOfPage(): ServerClock {
  const made = metaContent("server-now");
  if (made === "") return new ServerClock(0);
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const arrivedMs = performance.timeOrigin + (navigation?.responseStart ?? performance.now());
  return new ServerClock(new Date(made).getTime() - arrivedMs);
}

export function followServer(clock: ServerClock): void {
  const url = metaContent("clock-url");
  if (url === "") return;
  const ask = () => void askServer(clock, url);
  ask();
  setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask();
  });
  window.addEventListener("offline", () => clock.lose());
  window.addEventListener("online", ask);
}

async function askServer(clock: ServerClock, url: string): Promise<void> {
  const sentMs = Date.now();
  try {
    const response = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(5000) });
    const answer = (await response.json()) as { now: string };
    const server = new Date(answer.now);
    if (!response.ok || Number.isNaN(server.getTime())) throw new Error("no time in the answer");
    clock.set(server, sentMs, Date.now());
  } catch {
    clock.lose();
  }
}

export function metaContent(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

// Counts down every [data-countdown] and moves every [data-server-clock], by the server's clock.
//
// What ticks is silent; a hidden sibling says the step ("还剩 5 分钟以内") and speaks only when the step changes.
import type { ClockState, ServerClock } from "./server_clock.ts";
import { beijing, beijingDay, clockDigits, secondsLeft, spokenStep, timeLeft } from "./time_left.ts";

const NEAR_SECONDS = 3600;
const STATE_WORDS: Record<ClockState, string> = {
  page: "页面打开时的服务器时间，刷新后更新",
  "in-step": "与服务器时钟同步",
  lost: "连接中断，时钟可能有偏差，正在重新连接",
};

export function startCountdowns(clock: ServerClock): void {
  const tick = () => {
    const now = clock.now();
    document.querySelectorAll<HTMLElement>("[data-countdown]").forEach((element) => count(element, now));
    document.querySelectorAll<HTMLElement>("[data-server-clock]").forEach((element) => move(element, now));
    // Next change comes at the next full second of the server, not a second after this line ran.
    setTimeout(tick, 1000 - (clock.now().getTime() % 1000));
  };
  tick();
  clock.addEventListener("state", () => showState(clock.state));
}

function count(element: HTMLElement, now: Date): void {
  const until = new Date(element.dataset["countdown"] ?? "");
  if (Number.isNaN(until.getTime())) return;
  const seconds = secondsLeft(until, now);
  change(element, timeLeft(seconds));
  element.classList.toggle("time-left--near", seconds > 0 && seconds <= NEAR_SECONDS);
  if (element.closest("[data-speak]") !== null) change(speakerOf(element), spokenStep(seconds));
}

function move(element: HTMLElement, now: Date): void {
  const forms: Record<string, (instant: Date) => string> = {
    day: beijingDay,
    minute: beijing,
    second: clockDigits,
  };
  change(element, forms[element.dataset["serverClock"] ?? ""]?.(now) ?? "");
  if (element instanceof HTMLTimeElement) element.dateTime = now.toISOString();
}

function speakerOf(element: HTMLElement): HTMLElement {
  const next = element.nextElementSibling;
  if (next instanceof HTMLElement && next.dataset["speaker"] !== undefined) return next;
  element.setAttribute("aria-hidden", "true");
  const speaker = document.createElement("span");
  speaker.dataset["speaker"] = "";
  speaker.className = "visually-hidden";
  speaker.setAttribute("aria-live", "polite");
  element.after(speaker);
  return speaker;
}

function showState(state: ClockState): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-clock-state]")) {
    change(element, STATE_WORDS[state]);
    element.classList.toggle("big-clock__state--lost", state === "lost");
  }
}

function change(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

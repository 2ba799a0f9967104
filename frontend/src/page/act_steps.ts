// Shows the steps of a long act, the one under way with its progress, as a list that is read out.
import { element } from "./dom.ts";

type StepState = "next" | "now" | "done" | "refused";

const STATE_WORDS: Record<StepState, string> = { next: "", now: "（进行中）", done: "（完成）", refused: "（未完成）" };

export class ActSteps {
  readonly panel: HTMLElement;
  readonly #items: HTMLLIElement[];
  readonly #names: readonly string[];
  readonly #bar = element("progress", { class: "progress progress-primary", max: "1", value: "0" });
  readonly #note = element("p", { class: "act-steps__note", "aria-live": "polite" });
  #current = -1;

  constructor(label: string, names: readonly string[]) {
    this.#names = names;
    this.#items = names.map((name) => element("li", {}, name));
    this.#bar.setAttribute("aria-label", label);
    const list = element("ol", { "aria-label": label }, ...this.#items);
    this.panel = element("section", { class: "act-steps" }, list, this.#bar, this.#note);
  }

  /** Begin step `index`; the steps before it are done. */
  begin(index: number, note: string): void {
    this.#current = index;
    this.#items.forEach((_, at) => this.#mark(at, at < index ? "done" : at === index ? "now" : "next"));
    this.progress(0);
    this.#note.textContent = note;
  }

  /** done: share of the current step, 0 to 1. */
  progress(done: number): void {
    this.#bar.value = (this.#current + done) / this.#names.length;
  }

  finish(note: string): void {
    this.#names.forEach((_, at) => this.#mark(at, "done"));
    this.#bar.value = 1;
    this.#note.textContent = note;
  }

  stop(note: string): void {
    this.#mark(this.#current, "refused");
    this.#note.textContent = note;
  }

  #mark(at: number, state: StepState): void {
    const item = this.#items[at];
    if (item === undefined) return;
    item.dataset["state"] = state;
    item.textContent = `${this.#names[at]}${STATE_WORDS[state]}`;
    if (state === "now") item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
}

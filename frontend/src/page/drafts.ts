// Saves a form's draft to its data-autosave-url shortly after each change and says when it was saved.
import type { ServerClock } from "./server_clock.ts";
import { clockDigits } from "./time_left.ts";
import { csrfHeaders } from "../net/csrf.ts";

const AFTER_MS = 1200;

export function startDrafts(clock: ServerClock): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave-url]")) {
    const state = document.createElement("p");
    state.className = "draft-state";
    state.setAttribute("aria-live", "polite");
    form.append(state);
    let timer: ReturnType<typeof setTimeout> | undefined;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => void save(form, state, clock), AFTER_MS);
    });
  }
}

async function save(form: HTMLFormElement, state: HTMLElement, clock: ServerClock): Promise<void> {
  try {
    const response = await fetch(form.dataset["autosaveUrl"] ?? "", {
      method: "POST",
      headers: csrfHeaders(),
      body: typedIn(form),
    });
    if (!response.ok) throw new Error(String(response.status));
    state.textContent = `草稿已保存（${clockDigits(clock.now())}）`;
  } catch {
    state.textContent = "草稿没有保存成功；填写的内容仍在本页，下次改动时会再试。";
  }
}

/** Return what was typed; files stay out, or each word typed after choosing them would send them again. */
function typedIn(form: HTMLFormElement): FormData {
  const typed = new FormData(form);
  for (const [name, value] of [...typed]) if (value instanceof File) typed.delete(name);
  return typed;
}

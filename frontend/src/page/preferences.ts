// The buttons for text size and contrast in the footer.
import { applyPreferences, isTextSize, keepPreferences, readPreferences } from "./preference_store.ts";

export function startPreferences(): void {
  const panel = document.querySelector<HTMLElement>("[data-preferences]");
  if (panel === null) return;
  panel.hidden = false;
  show(panel);
  panel.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("button");
    if (button === null) return;
    const chosen = readPreferences();
    const size = button.dataset["textSize"];
    if (isTextSize(size)) chosen.text = size;
    if (button.dataset["contrast"] !== undefined) chosen.highContrast = !chosen.highContrast;
    keepPreferences(chosen);
    applyPreferences(document.documentElement, chosen);
    show(panel);
  });
}

function show(panel: HTMLElement): void {
  const root = document.documentElement;
  for (const button of panel.querySelectorAll("button")) {
    const size = button.dataset["textSize"];
    const pressed = size === undefined ? root.dataset["contrast"] === "high" : root.dataset["text"] === size;
    button.setAttribute("aria-pressed", String(pressed));
  }
}

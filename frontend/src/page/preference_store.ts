// What a reader chose on this device: text size in percent and contrast.  Storage may be closed; then the
// choice lasts as long as the page.

const TEXT_SIZES = ["100", "125", "150"] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

export interface Preferences {
  text: TextSize;
  highContrast: boolean;
}

const KEY = "yuntai-preferences";
const STANDARD: Preferences = { text: "100", highContrast: false };

export function isTextSize(value: unknown): value is TextSize {
  return TEXT_SIZES.some((size) => size === value);
}

export function readPreferences(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
    return {
      text: isTextSize(stored.text) ? stored.text : STANDARD.text,
      highContrast: stored.highContrast === true,
    };
  } catch {
    return STANDARD;
  }
}

export function keepPreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Nothing is lost but the memory of the choice.
  }
}

export function applyPreferences(root: HTMLElement, preferences = readPreferences()): void {
  root.dataset["text"] = preferences.text;
  root.dataset["contrast"] = preferences.highContrast ? "high" : "standard";
}

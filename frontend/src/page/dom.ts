// Making elements without inline markup, showing a refusal, and offering a file.
type Content = Node | string;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...content: Content[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** Return where `owner` shows refusals, made at its end when the page has no place for them. */
function placeForProblem(owner: HTMLElement): HTMLElement {
  const place = owner.querySelector<HTMLElement>("[data-problem]") ?? element("div", { "data-problem": "" });
  if (!place.isConnected) owner.append(place);
  return place;
}

export function showProblem(owner: HTMLElement, title: string, error: unknown): void {
  const sentence = error instanceof Error ? error.message : String(error);
  const panel = element(
    "section",
    { class: "problem", role: "alert", tabindex: "-1" },
    element("h2", { class: "problem__title" }, title),
    element("p", { class: "problem__detail" }, sentence),
  );
  placeForProblem(owner).replaceChildren(panel);
  panel.focus();
}

export function clearProblem(owner: HTMLElement): void {
  placeForProblem(owner).replaceChildren();
}

/** Return a link that saves `content` as a JSON file. */
export function downloadLink(label: string, fileName: string, content: unknown): HTMLAnchorElement {
  const file = new Blob([`${JSON.stringify(content, null, 2)}\n`], { type: "application/json" });
  return element("a", { class: "btn", href: URL.createObjectURL(file), download: fileName }, label);
}

export async function jsonOfFile(file: File): Promise<unknown> {
  try {
    return JSON.parse(await file.text()) as unknown;
  } catch {
    return null;
  }
}

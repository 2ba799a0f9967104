// Three courtesies of forms: no double submit, no silent loss of what was typed, focus on what was refused.

export function startForms(): void {
  document.querySelector<HTMLElement>("[data-focus-first]")?.focus();
  startSubmitOnce();
  startLeaveWarning();
}

/** A second click while the first is under way must not send the act again. */
function startSubmitOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset["sent"] !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "";
    form.setAttribute("aria-busy", "true");
  });
  // A page that comes back from the browser's cache may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset["sent"];
      form.removeAttribute("aria-busy");
    }
  });
}

/** Forms marked data-keep-typed ask before the page is left with changes that were not sent. */
function startLeaveWarning(): void {
  const changed = new Set<HTMLFormElement>();
  document.addEventListener("input", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-keep-typed]");
    if (form !== null) changed.add(form);
  });
  document.addEventListener("submit", (event) => changed.delete(event.target as HTMLFormElement));
  document.addEventListener("yuntai:submitted", (event) => changed.delete(event.target as HTMLFormElement));
  window.addEventListener("beforeunload", (event) => {
    if (changed.size > 0) event.preventDefault();
  });
}

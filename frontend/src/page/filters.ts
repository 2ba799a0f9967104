// Lets the results of a filter bar follow the typing; the address follows too, so that it can be shared.
//
// Plain GET forms stay plain: this only adds htmx attributes where scripts run.
import htmx from "htmx.org";

export function startFilters(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-live-filter]")) {
    const results = form.dataset["liveFilter"] ?? "";
    if (document.getElementById(results) === null) continue;
    const attributes = {
      "hx-get": form.getAttribute("action") ?? window.location.pathname,
      "hx-trigger": "input changed delay:350ms from:find input[type='search'], change, submit",
      "hx-target": `#${results}`,
      "hx-select": `#${results}`,
      "hx-swap": "outerHTML",
      "hx-push-url": "true",
      "hx-sync": "this:replace",
    };
    for (const [name, value] of Object.entries(attributes)) form.setAttribute(name, value);
    htmx.process(form);
  }
}

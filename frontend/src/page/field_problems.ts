// Shows what is wrong in a form the way the server does: a summary on top that leads to each field, and the
// sentence beside the field.
import { element } from "./dom.ts";

interface FieldProblem {
  field: string;
  text: string;
}

export function showFieldProblems(form: HTMLFormElement, problems: readonly FieldProblem[]): void {
  form.querySelector(".error-summary")?.remove();
  form.querySelectorAll(".field__error[data-by-script]").forEach((sentence) => sentence.remove());
  form.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
  form.querySelectorAll(".field--refused").forEach((field) => field.classList.remove("field--refused"));
  if (problems.length === 0) return;
  for (const problem of problems) mark(form, problem);
  const items = problems.map(({ field, text }) => element("li", {}, element("a", { href: `#id_${field}` }, text)));
  const summary = element(
    "div",
    { class: "error-summary", role: "alert", tabindex: "-1" },
    element("h2", { class: "error-summary__heading" }, `没有递交，有 ${problems.length} 处要改`),
    element("ul", {}, ...items),
  );
  form.prepend(summary);
  summary.focus();
}

function mark(form: HTMLFormElement, { field, text }: FieldProblem): void {
  const control = form.querySelector<HTMLElement>(`#id_${CSS.escape(field)}`);
  const frame = control?.closest<HTMLElement>(".field");
  if (control === null || frame === null || frame === undefined) return;
  control.setAttribute("aria-invalid", "true");
  frame.classList.add("field--refused");
  const sentence = element("p", { class: "field__error", "data-by-script": "", id: `id_${field}_error` }, text);
  control.parentElement?.before(sentence);
  const described = control.getAttribute("aria-describedby") ?? "";
  if (!described.includes(sentence.id)) control.setAttribute("aria-describedby", `${described} ${sentence.id}`.trim());
}

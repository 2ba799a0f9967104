// Shows beside the deadline from when on the holders, by their own signed statements, may open the bids.
import { showProblem } from "../page/dom.ts";
import { beijingSeconds } from "../page/time_left.ts";
import { factsOf } from "./page_facts.ts";

export function showOpeningInstant(form: HTMLFormElement): void {
  const place = form.querySelector<HTMLElement>("[data-opening-instant]");
  if (place === null) return;
  try {
    const { opensAt } = factsOf(form);
    place.textContent = `${beijingSeconds(opensAt)}，四个保管方一致`;
  } catch (error) {
    place.textContent = "核对不通过";
    showProblem(form, "现在不能密封投标文件", error);
  }
}

// Says an amount in 元 and in capitals while it is typed, so that a wrong zero is seen before it is sent.
import { exactAmount, inCapitals, inYuan, plainAmount } from "./capitals.ts";

const NO_AMOUNT = "金额只能是数字，最多两位小数，例如 1234567.00";

export function startAmounts(): void {
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement) echo(event.target);
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || echoOf(field) === null) return;
    field.value = plainAmount(field.value);
    echo(field);
  });
  document.querySelectorAll<HTMLOutputElement>("[data-amount-echo]").forEach((output) => {
    const field = document.getElementById(output.dataset["amountEcho"] ?? "");
    if (field instanceof HTMLInputElement) echo(field);
  });
}

function echoOf(field: HTMLInputElement): HTMLOutputElement | null {
  return field.id === "" ? null : document.querySelector(`[data-amount-echo="${CSS.escape(field.id)}"]`);
}

function echo(field: HTMLInputElement): void {
  const output = echoOf(field);
  if (output === null) return;
  const amount = exactAmount(field.value);
  const wrong = amount === null && field.value.trim() !== "";
  output.classList.toggle("amount-echo--wrong", wrong);
  output.replaceChildren();
  if (amount !== null) {
    output.append(part("amount-echo__yuan", inYuan(amount)), part("amount-echo__capitals", inCapitals(amount)));
  } else if (wrong) {
    output.append(NO_AMOUNT);
  }
}

function part(name: string, text: string): HTMLElement {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

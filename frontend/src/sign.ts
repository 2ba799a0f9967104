// Signing acts: signs what the page names with the person's certificate key, then sends the form.
import { fromBase64, sha256, toBase64, toBase64Url, toHex, utf8 } from "./crypto/bytes.ts";
import { signWith } from "./crypto/signer.ts";
import { clearProblem, showProblem } from "./page/dom.ts";
import { SignerChoice } from "./page/signer_choice.ts";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sign-form]")) {
  const choice = new SignerChoice(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void sign(form, choice);
  });
}

async function sign(form: HTMLFormElement, choice: SignerChoice): Promise<void> {
  if (form.dataset["sent"] !== undefined) return;
  clearProblem(form);
  try {
    const signer = await choice.signer();
    const statement = `yuntai-sign-v1|${form.dataset["signPurpose"] ?? ""}|${await documentHash(form)}`;
    fill(form, "certificate", toBase64(signer.certificate));
    fill(form, "signature", toBase64Url(await signWith(signer, utf8(statement))));
    form.dataset["sent"] = "";
    form.submit();
  } catch (error) {
    showProblem(form, "没有签名", error);
  }
}

/** Return the hash to sign; where the document itself is on the page, its hash must be the one shown. */
async function documentHash(form: HTMLFormElement): Promise<string> {
  const shown = form.dataset["documentSha256"] ?? "";
  const document = form.dataset["documentB64"];
  if (document === undefined) return shown;
  const computed = toHex(await sha256(fromBase64(document)));
  if (shown !== "" && shown !== computed) {
    throw new Error("待签文件与页面所示的 SHA-256 不一致，没有签名。刷新页面后核对，仍不一致时联系运营机构。");
  }
  return computed;
}

function fill(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (!(field instanceof HTMLInputElement)) throw new Error(`The form has no field ${name}.`);
  field.value = value;
}

// Withdraws a bid before the deadline: the owner key that this device made for it signs.
import { ownerOf } from "../crypto/key_store.ts";
import { type OwnerKey, ownerKeyFromFile, signAsOwner } from "../crypto/owner.ts";
import { postJson } from "../net/problem.ts";
import { clearProblem, jsonOfFile, showProblem } from "../page/dom.ts";

const NOT_WITHDRAWN = "没有撤回";

export function startWithdrawal(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void withdraw(form);
  });
}

async function withdraw(form: HTMLFormElement): Promise<void> {
  clearProblem(form);
  form.setAttribute("aria-busy", "true");
  try {
    const owner = await ownerFor(form);
    const body = { envelope_id: owner.envelope_id, signature: signAsOwner(owner, "withdraw") };
    await postJson(form.dataset["withdrawUrl"] ?? "", body);
    window.location.assign(form.dataset["nextUrl"] ?? window.location.href);
  } catch (error) {
    showProblem(form, NOT_WITHDRAWN, error);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

async function ownerFor(form: HTMLFormElement): Promise<OwnerKey> {
  const digest = form.dataset["headerSha256"] ?? "";
  const file = form.querySelector<HTMLInputElement>('input[type="file"]')?.files?.[0];
  const owner = file === undefined ? await ownerOf(digest) : ownerKeyFromFile(await jsonOfFile(file));
  if (owner === null) {
    throw new Error("本机没有这份投标文件的撤回凭证。选择递交时下载的撤回凭证文件（.json）再撤回。");
  }
  if (owner.header_sha256 !== digest) throw new Error("所选撤回凭证属于另一份投标文件，请核对文件名后重新选择。");
  return owner;
}

// Finds the certificate key to sign with: the one in use on this device, or one the person chooses here.
import { currentSigner, keepSigner } from "../crypto/key_store.ts";
import { type Signer, signerFromBundle } from "../crypto/signer.ts";
import { element, jsonOfFile } from "./dom.ts";

const NO_CERTIFICATE = "本机没有正在使用的证书。选择证书文件后再签名。";

export function describeSigner({ personName, organizationName }: Signer): string {
  return organizationName === "" ? personName : `${personName}（${organizationName}）`;
}

/** Says in `form` whose certificate will sign, and offers a file field when there is none. */
export class SignerChoice {
  readonly #line: HTMLElement;
  readonly #field = element("input", { type: "file", class: "file-input", accept: ".json", id: "signer_file" });
  readonly #choice = element("div", { class: "field", hidden: "" });
  #signer: Signer | null = null;

  constructor(form: HTMLElement) {
    const line = form.querySelector<HTMLElement>("[data-signer]") ?? element("p", { class: "irreversible__signer" });
    if (!line.isConnected) form.append(line);
    this.#line = line;
    this.#choice.append(element("label", { class: "field__label", for: "signer_file" }, "证书文件"), this.#field);
    line.after(this.#choice);
    this.#field.addEventListener("change", () => void this.#choose());
    void this.#useCurrent();
  }

  /** Return the signer; refused with a sentence when none is there. */
  async signer(): Promise<Signer> {
    this.#signer ??= await currentSigner();
    if (this.#signer !== null) return this.#signer;
    this.#ask(NO_CERTIFICATE);
    throw new Error(NO_CERTIFICATE);
  }

  async #useCurrent(): Promise<void> {
    const signer = await currentSigner().catch(() => null);
    if (signer === null) this.#ask(NO_CERTIFICATE);
    else this.#use(signer);
  }

  #use(signer: Signer): void {
    this.#signer = signer;
    this.#choice.hidden = true;
    this.#line.textContent = `由 ${describeSigner(signer)} 的证书签名；签名在本机完成，私钥不离开本机。`;
  }

  #ask(sentence: string): void {
    this.#line.textContent = sentence;
    this.#choice.hidden = false;
  }

  async #choose(): Promise<void> {
    const file = this.#field.files?.[0];
    if (file === undefined) return;
    try {
      const signer = await signerFromBundle(await jsonOfFile(file));
      await keepSigner(signer);
      this.#use(signer);
    } catch (error) {
      this.#ask(error instanceof Error ? error.message : String(error));
    }
  }
}

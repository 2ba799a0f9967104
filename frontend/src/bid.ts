// Handing in a bid from the browser: 检查 → 签名 → 密封 → 上传 → 递交.  Only ciphertext leaves this device.
import { checkBid, readFiles } from "./bid/form_check.ts";
import { showOpeningInstant } from "./bid/opening_instant.ts";
import { factsOf, type PageFacts } from "./bid/page_facts.ts";
import { type PreparedBid, sealBid, signBid } from "./bid/prepare.ts";
import { type Receipt, receiptPanel } from "./bid/receipt.ts";
import { startWithdrawal } from "./bid/withdraw.ts";
import { keepOwner } from "./crypto/key_store.ts";
import { signAsOwner } from "./crypto/owner.ts";
import { postJson } from "./net/problem.ts";
import { upload } from "./net/upload.ts";
import { ActSteps } from "./page/act_steps.ts";
import { clearProblem, showProblem } from "./page/dom.ts";
import { showFieldProblems } from "./page/field_problems.ts";
import { clockOfPage } from "./page/server_clock.ts";
import { SignerChoice } from "./page/signer_choice.ts";

const STEPS = ["检查", "签名", "密封", "上传", "递交"] as const;
const [CHECK, SIGN, SEAL, UPLOAD, SUBMIT] = [0, 1, 2, 3, 4];

interface Prepared {
  bid: PreparedBid;
  price: string;
}

class BidSubmission {
  readonly #form: HTMLFormElement;
  readonly #choice: SignerChoice;
  readonly #clock = clockOfPage();
  #steps = new ActSteps("递交进度", STEPS);
  #running = false;
  // A sealed bid that did not get through is sent again as it is: sealing anew would be another bid.
  #prepared: Prepared | null = null;

  constructor(form: HTMLFormElement) {
    this.#form = form;
    this.#choice = new SignerChoice(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#run();
    });
    form.addEventListener("input", () => (this.#prepared = null));
    showOpeningInstant(form);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#form.setAttribute("aria-busy", "true");
    clearProblem(this.#form);
    this.#showSteps();
    try {
      const facts = factsOf(this.#form);
      this.#prepared ??= await this.#prepare(facts);
      if (this.#prepared !== null) await this.#send(facts, this.#prepared);
    } catch (error) {
      this.#steps.stop("填写的内容仍在本页，改正后再按“递交投标文件”。");
      showProblem(this.#form, "投标文件没有递交", error);
    } finally {
      this.#running = false;
      this.#form.removeAttribute("aria-busy");
    }
  }

  /** Return the sealed bid, or null when something typed is wrong; then the form says what. */
  async #prepare(facts: PageFacts): Promise<Prepared | null> {
    this.#steps.begin(CHECK, "核对填写内容、附件和证书");
    const entries = new FormData(this.#form);
    const { typed, problems } = checkBid(entries, facts.ceiling);
    showFieldProblems(this.#form, problems);
    if (problems.length > 0) {
      this.#steps.stop(`有 ${problems.length} 处要改。`);
      return null;
    }
    const chosen = entries.getAll("files").filter((entry) => entry instanceof File && entry.name !== "");
    const files = await readFiles(chosen as File[], facts.maximumBytes);
    this.#steps.begin(SIGN, "用证书私钥签名，签名在本机完成");
    const signer = await this.#choice.signer();
    const signed = await signBid(typed, files, { place: facts.place, signer, madeAt: this.#clock.now() });
    this.#steps.begin(SEAL, "加密并把密钥分给四个保管方，任何三方同时同意才能打开");
    const bid = await sealBid(signed, facts.holderKeys, (done) => this.#steps.progress(done));
    await keepOwner(bid.owner);
    return { bid, price: typed.price_yuan };
  }

  async #send(facts: PageFacts, { bid, price }: Prepared): Promise<void> {
    const { body, header, owner } = bid;
    this.#steps.begin(UPLOAD, "上传密文，截止时间以最后一步递交为准");
    const url = facts.bodyUrl(header.body_sha256, header.context.envelope_id);
    const progress = (done: number) => this.#steps.progress(done);
    await upload({ url, body, sha256: header.body_sha256, progress });
    this.#steps.begin(SUBMIT, "递交密封头，等待回执");
    const answer = await postJson(facts.submitUrl, { header, signature: signAsOwner(owner, "submit") });
    this.#steps.finish("已收到回执");
    const panel = receiptPanel(answer as Receipt, bid, price);
    this.#form.dispatchEvent(new Event("yuntai:submitted", { bubbles: true }));
    this.#form.replaceWith(this.#steps.panel, panel);
    document.querySelector("[data-withdrawn]")?.remove(); // of the bid before this one
    panel.focus();
  }

  #showSteps(): void {
    const fresh = new ActSteps("递交进度", STEPS);
    if (this.#steps.panel.isConnected) this.#steps.panel.replaceWith(fresh.panel);
    else this.#form.append(fresh.panel);
    this.#steps = fresh;
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-bid-form]")) new BidSubmission(form);
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-withdraw-form]")) startWithdrawal(form);

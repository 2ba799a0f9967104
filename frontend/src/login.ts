// Login by certificate: choose a certificate file, or in a sandbox a person; sign the challenge; go on.
import { type Challenge, challengeBytes } from "./crypto/challenge.ts";
import { toBase64, toBase64Url } from "./crypto/bytes.ts";
import { keepSigner } from "./crypto/key_store.ts";
import { type Signer, signerFromBundle, signWith } from "./crypto/signer.ts";
import { getJson, postJson } from "./net/problem.ts";
import { clearProblem, element, jsonOfFile, showProblem } from "./page/dom.ts";
import { readPeople, type Person } from "./page/people.ts";

const NOT_LOGGED_IN = "没有登录";

interface GivenChallenge extends Challenge {
  csrf_token?: string;
}

const form = document.querySelector<HTMLFormElement>("form[data-challenge-url]");
if (form !== null) start(form);

function start(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>('input[type="file"]');
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = field?.files?.[0];
    if (file === undefined) showProblem(form, NOT_LOGGED_IN, new Error("先选择证书文件（.json），再按登录。"));
    else void attempt(form, async () => signerFromBundle(await jsonOfFile(file)));
  });
  const sandbox = form.dataset["sandboxUrl"] ?? "";
  const place = document.querySelector<HTMLElement>("[data-people]");
  if (sandbox !== "" && place !== null) void offerPeople(form, place, sandbox);
}

async function attempt(form: HTMLFormElement, find: () => Promise<Signer>): Promise<void> {
  clearProblem(form);
  form.setAttribute("aria-busy", "true");
  try {
    const signer = await find();
    const next = await answerChallenge(form, signer);
    await keepSigner(signer);
    window.location.assign(next);
  } catch (error) {
    showProblem(form, NOT_LOGGED_IN, error);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

async function answerChallenge(form: HTMLFormElement, signer: Signer): Promise<string> {
  const challenge = (await getJson(form.dataset["challengeUrl"] ?? "")) as GivenChallenge;
  // A signature for another site's challenge would let that site log in here, or here there.
  if (challenge.origin !== window.location.origin) {
    throw new Error(`登录请求来自 ${challenge.origin}，与当前地址 ${window.location.origin} 不符，没有签名。`);
  }
  const signature = await signWith(signer, challengeBytes(challenge));
  const answer = {
    certificate: toBase64(signer.certificate),
    nonce: challenge.nonce,
    signature: toBase64Url(signature),
  };
  const url = withQueryOfPage(form.dataset["answerUrl"] ?? "");
  const { next } = (await postJson(url, answer, challenge.csrf_token)) as { next?: string };
  const target = new URL(next ?? "/", window.location.origin);
  return target.origin === window.location.origin ? target.href : "/";
}

/** Where to go after the login stands in the address of the login page; hand it on. */
function withQueryOfPage(url: string): string {
  return url.includes("?") ? url : `${url}${window.location.search}`;
}

async function offerPeople(form: HTMLFormElement, place: HTMLElement, sandbox: string): Promise<void> {
  try {
    const people = await readPeople(sandbox, form.dataset["systemCode"] ?? "");
    place.replaceChildren(...people.map((person) => choiceOf(form, person)));
  } catch {
    place.replaceChildren(element("li", {}, "沙箱的人员名单暂时读不到；可用证书文件登录，或稍后刷新。"));
  }
}

function choiceOf(form: HTMLFormElement, person: Person): HTMLLIElement {
  const button = element(
    "button",
    { type: "button" },
    element("span", { class: "people__person" }, person.person_name),
    element("span", { class: "people__organization" }, person.organization_name),
    element("span", { class: "people__role" }, person.role_name),
  );
  button.addEventListener("click", () => {
    void attempt(form, async () => signerFromBundle(await getJson(person.bundle_url)));
  });
  return element("li", {}, button);
}

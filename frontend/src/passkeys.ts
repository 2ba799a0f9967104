// Passkeys: log in with one, add one, register with one.  The device does the cryptography, the server checks it.
import { getJson, postJson } from "./net/problem.ts";
import { clearProblem, showProblem } from "./page/dom.ts";

interface Asked {
  options: object;
  csrf_token?: string;
}

const NO_PASSKEYS = "这个浏览器不支持通行密钥。请改用证书登录，或换用较新的 Chrome、Edge、Firefox 或 Safari。";
const GIVEN_UP = "没有完成：设备上取消了操作、超时，或没有可用的通行密钥。再试一次，或换用其他登录方式。";
const KNOWN_HERE = "这台设备上已有本账户的通行密钥，不必重复添加。";

start("form[data-passkey-login]", "没有登录", logIn);
start("form[data-passkey-add]", "没有添加", (form) => make(form, ""));
start("form[data-citizen-register]", "没有注册", (form) => make(form, nameOf(form)));

function start(selector: string, title: string, ceremony: (form: HTMLFormElement) => Promise<void>): void {
  const form = document.querySelector<HTMLFormElement>(selector);
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    clearProblem(form);
    form.setAttribute("aria-busy", "true");
    ceremony(form)
      .catch((error: unknown) => showProblem(form, title, inWords(error)))
      .finally(() => form.removeAttribute("aria-busy"));
  });
}

async function logIn(form: HTMLFormElement): Promise<void> {
  const { options, csrf_token } = await ask(form, "");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON,
  );
  await answer(form, await navigator.credentials.get({ publicKey }), csrf_token);
}

/** Let the device make a passkey.  asking: what the server must know before it asks, "" when nothing. */
async function make(form: HTMLFormElement, asking: string): Promise<void> {
  const query = asking === "" ? "" : `?${new URLSearchParams({ name: asking }).toString()}`;
  const { options } = await ask(form, query);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  );
  const token = form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value;
  await answer(form, await navigator.credentials.create({ publicKey }), token);
}

async function ask(form: HTMLFormElement, query: string): Promise<Asked> {
  if (typeof PublicKeyCredential === "undefined" || !("parseRequestOptionsFromJSON" in PublicKeyCredential)) {
    throw new Error(NO_PASSKEYS);
  }
  return (await getJson(`${form.dataset["optionsUrl"] ?? ""}${query}`)) as Asked;
}

async function answer(form: HTMLFormElement, made: Credential | null, token?: string): Promise<void> {
  if (!(made instanceof PublicKeyCredential)) throw new Error(GIVEN_UP);
  const url = `${form.dataset["answerUrl"] ?? ""}${window.location.search}`;
  const { next } = (await postJson(url, { name: nameOf(form), credential: made.toJSON() }, token)) as {
    next?: string;
  };
  const target = new URL(next ?? "/", window.location.origin);
  window.location.assign(target.origin === window.location.origin ? target.href : "/");
}

function nameOf(form: HTMLFormElement): string {
  return form.querySelector<HTMLInputElement>("[name=name]")?.value ?? "";
}

function inWords(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  return new Error(error.name === "InvalidStateError" ? KNOWN_HERE : GIVEN_UP);
}

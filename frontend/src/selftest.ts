// The self-test: tells days before a deadline whether this browser and this certificate will do.
import { BadCertificate } from "./crypto/certificate.ts";
import { askServer, findSigner } from "./selftest/certificate.ts";
import { sealsAndOpens } from "./selftest/sample.ts";
import { clockAhead, durationInWords, uploadSpeed } from "./selftest/server.ts";

const MOST_SECONDS_OFF = 60;
const MOST_SECONDS_FOR_BID = 20 * 60;

interface Finding {
  good: boolean;
  text: string;
}

type Check = () => Promise<Finding>;

const good = (text: string): Finding => ({ good: true, text });
const bad = (text: string): Finding => ({ good: false, text });

const form = document.querySelector<HTMLFormElement>("form[data-selftest]");
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void runAll(form);
});

async function runAll(form: HTMLFormElement): Promise<void> {
  form.setAttribute("aria-busy", "true");
  const file = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
  const deadline = form.querySelector<HTMLInputElement>("[name=deadline]")?.value ?? "";
  const findings = [
    await run("secure", secureContext),
    await run("crypto", webCrypto),
    await run("seal", sealing),
    await run("clock", clock),
    ...(await runCertificate(file, deadline)),
    await run("upload", upload),
  ];
  const summary = document.querySelector<HTMLElement>("[data-selftest-summary]");
  const failed = findings.filter((finding) => !finding.good).length;
  if (summary !== null) {
    summary.textContent =
      failed === 0 ? `${findings.length} 项全部通过，可以用这台设备投标。` : `${failed} 项未通过，请按各项说明处理后再测。`;
  }
  form.removeAttribute("aria-busy");
}

async function run(name: string, check: Check): Promise<Finding> {
  show(name, null);
  const finding = await check().catch((error: unknown) => bad(error instanceof Error ? error.message : String(error)));
  show(name, finding);
  return finding;
}

/** Show a finding in its line; null while the check is under way. */
function show(name: string, finding: Finding | null): void {
  const line = document.querySelector<HTMLElement>(`[data-check="${name}"]`);
  const status = line?.querySelector<HTMLElement>(".status");
  const note = line?.querySelector<HTMLElement>("[data-finding]");
  if (!status || !note) return;
  status.className = `status status--${finding === null ? "next" : finding.good ? "open" : "alarm"}`;
  status.textContent = finding === null ? "检测中" : finding.good ? "通过" : "未通过";
  note.textContent = finding?.text ?? "";
}

async function secureContext(): Promise<Finding> {
  return window.isSecureContext
    ? good("连接受保护，浏览器允许在本机加密。")
    : bad("连接不受保护，浏览器不允许在本机加密。请用以 https:// 开头的地址打开本系统。");
}

async function webCrypto(): Promise<Finding> {
  if (crypto.subtle === undefined) return bad("浏览器没有加密功能。请换用较新的 Chrome、Edge、Firefox 或 Safari。");
  await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  await new Promise((resolve, reject) => {
    const opening = indexedDB.open("yuntai-selftest");
    opening.onsuccess = () => resolve(opening.result.close());
    opening.onerror = () => reject(new Error("浏览器不能在本机保存密钥（隐私模式？）。请退出隐私模式后再测。"));
  });
  return good("浏览器能在本机生成、使用和保存密钥。");
}

async function sealing(): Promise<Finding> {
  const startedMs = performance.now();
  try {
    await sealsAndOpens();
  } catch (error) {
    return bad(`样本没有密封成功：${error instanceof Error ? error.message : String(error)}请换用较新的浏览器。`);
  }
  return good(`样本已在本机密封并解开，逐字节相同，用时 ${((performance.now() - startedMs) / 1000).toFixed(1)} 秒。`);
}

async function clock(): Promise<Finding> {
  const ahead = await clockAhead();
  const off = `本机时钟比服务器${ahead >= 0 ? "快" : "慢"} ${Math.abs(ahead).toFixed(1)} 秒`;
  return Math.abs(ahead) <= MOST_SECONDS_OFF
    ? good(`${off}。截止时间以服务器为准。`)
    : bad(`${off}，容易误判截止时间。请在系统设置中开启自动校时；截止时间以服务器为准。`);
}

async function upload(): Promise<Finding> {
  const { mebibytesPerSecond, secondsForBid } = await uploadSpeed();
  const words = `上传速度 ${mebibytesPerSecond.toFixed(1)} MB/秒，100 MB 的投标文件${durationInWords(secondsForBid)}。`;
  return secondsForBid <= MOST_SECONDS_FOR_BID
    ? good(words)
    : bad(`${words}请改用有线网络，或至少提前一天上传；递交时刻以提交请求到达为准，文件可先行上传。`);
}

async function runCertificate(file: File | undefined, deadline: string): Promise<Finding[]> {
  let signer: Awaited<ReturnType<typeof findSigner>> = null;
  let notAfter = "";
  const read = await run("certificate", async () => {
    signer = await findSigner(file);
    if (signer === null) return bad("没有选择证书文件，本机也没有登录中的证书。选择发证时下载的证书文件（.json）后再测。");
    return good(`能读出证书和私钥：${signer.organizationName} ${signer.personName}。`);
  });
  const signed = await run("signature", async () => {
    if (signer === null) return bad("证书读出后才能检测。");
    const confirmed = await askServer(signer);
    notAfter = confirmed.not_after;
    return good(`服务器认可证书，并验证了本机刚作的签名（${confirmed.organization_name} ${confirmed.person_name}）。`);
  });
  const valid = await run("validity", async () => validUntil(notAfter, deadline));
  return [read, signed, valid];
}

async function validUntil(notAfter: string, deadline: string): Promise<Finding> {
  if (notAfter === "") return bad("服务器认可证书后才能检测。");
  const until = new Date(notAfter).getTime();
  const day = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", dateStyle: "long" }).format(until);
  if (deadline === "") return bad(`证书有效至 ${day}。填写投标截止时间后再测，才能判断是否够用。`);
  const due = new Date(`${deadline}+08:00`).getTime();
  if (Number.isNaN(due)) throw new BadCertificate("投标截止时间没有填对，形如 2026-03-22 09:30。");
  return until > due
    ? good(`证书有效至 ${day}，在投标截止之后。`)
    : bad(`证书有效至 ${day}，早于投标截止。请先到发证机构续期；续期后账户不变。`);
}

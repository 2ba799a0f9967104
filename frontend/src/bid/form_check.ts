// Reads and checks what the bidder typed.  Says everything that is wrong at once, each with its field.
import { MOST_FILES, problemOfFileName } from "../crypto/bidfile.ts";
import type { Bytes } from "../crypto/bytes.ts";
import { exactAmount, inYuan, plainAmount } from "../page/capitals.ts";

const MOST_DAYS = 36_500;
const LONGEST_LINE = 200;
const LONGEST_NOTE = 100_000;

export interface TypedBid {
  price_yuan: string;
  duration_days: number;
  project_lead: string;
  quality: string;
  note: string;
}

export interface FormProblem {
  field: string;
  text: string;
}

export interface CheckedBid {
  typed: TypedBid;
  problems: FormProblem[];
}

/** ceiling: highest acceptable price with two decimals, "" when none was set. */
export function checkBid(form: FormData, ceiling: string): CheckedBid {
  const textOf = (name: string) => String(form.get(name) ?? "").trim();
  const typed: TypedBid = {
    price_yuan: exactAmount(textOf("price_yuan")) ?? "",
    duration_days: wholeNumber(textOf("duration_days")),
    project_lead: textOf("project_lead"),
    quality: textOf("quality"),
    note: textOf("note").replaceAll("\r\n", "\n"),
  };
  const texts: Record<keyof TypedBid, string> = {
    price_yuan: problemOfPrice(typed.price_yuan, ceiling),
    duration_days:
      typed.duration_days < 1 || typed.duration_days > MOST_DAYS ? `工期须为 1 至 ${MOST_DAYS} 的整数天。` : "",
    project_lead: problemOfLine(typed.project_lead, "项目负责人"),
    quality: problemOfLine(typed.quality, "质量承诺"),
    note: typed.note.length > LONGEST_NOTE ? `备注最多 ${LONGEST_NOTE} 个字。` : "",
  };
  const problems = Object.entries(texts).map(([field, text]) => ({ field, text }));
  return { typed, problems: problems.filter(({ text }) => text !== "") };
}

/** Return a count of up to five digits, full-width ones read as people mean them; 0 when it is none. */
function wholeNumber(typed: string): number {
  const plain = plainAmount(typed);
  return /^[0-9]{1,5}$/.test(plain) ? Number(plain) : 0;
}

function problemOfPrice(price: string, ceiling: string): string {
  if (price === "" || cents(price) === 0n) return "投标报价须为大于 0 的金额，最多两位小数，例如 1234567.00。";
  if (ceiling !== "" && cents(price) > cents(ceiling)) {
    return `投标报价 ${inYuan(price)} 高于最高投标限价 ${inYuan(ceiling)}，递交后会被否决。`;
  }
  return "";
}

function problemOfLine(line: string, name: string): string {
  if (line === "") return `${name}没有填写。`;
  return line.length > LONGEST_LINE || /[\r\n]/.test(line) ? `${name}须在一行内，最多 ${LONGEST_LINE} 个字。` : "";
}

function cents(amount: string): bigint {
  return BigInt(amount.replace(".", ""));
}

/** Return the chosen files by name, in the order chosen; refused when a name will not do or comes twice, or a file is empty. */
export async function readFiles(chosen: readonly File[], maximumBytes: number): Promise<Map<string, Bytes>> {
  const total = chosen.reduce((sum, file) => sum + file.size, 0);
  if (total > maximumBytes) {
    throw new Error(`附件共 ${megabytes(total)} MB，超过 ${megabytes(maximumBytes)} MB 的上限。压缩或拆分后重新选择。`);
  }
  if (chosen.length > MOST_FILES) {
    throw new Error(`附件共 ${chosen.length} 个，超过 ${MOST_FILES} 个的上限。合并后重新选择。`);
  }
  const files = new Map<string, Bytes>();
  for (const file of chosen) {
    // Names typed on a Mac come decomposed; one name must be one sequence of bytes.
    const name = file.name.normalize("NFC");
    const problem = files.has(name) ? `有两个附件都叫“${name}”。改名后重新选择。` : problemOfFileName(name);
    if (problem !== "") throw new Error(problem);
    if (file.size === 0) throw new Error(`附件“${name}”是空文件（0 字节）。核对后重新选择。`);
    files.set(name, new Uint8Array(await file.arrayBuffer()));
  }
  return files;
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

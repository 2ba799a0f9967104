// Amounts in 元 and in capital characters (人民币大写), as yuntai/standard/money.py writes them.

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const TYPED = /^[0-9]{1,14}(\.[0-9]{1,2})?$/;

/** Return what was typed without separators and in ASCII digits: people paste "１,２３４.５０" from tables. */
export function plainAmount(typed: string): string {
  return typed.normalize("NFKC").replace(/[\s,，]/g, "");
}

/** Return the amount with two decimals and no separators, or null when it is no amount of yuan. */
export function exactAmount(typed: string): string | null {
  const plain = plainAmount(typed);
  if (!TYPED.test(plain)) return null;
  const [whole = "0", fraction = ""] = plain.split(".");
  return `${BigInt(whole)}.${fraction.padEnd(2, "0")}`;
}

export function inYuan(amount: string): string {
  const [whole = "0", fraction = "00"] = amount.split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${fraction} 元`;
}

/** amount: from exactAmount. */
export function inCapitals(amount: string): string {
  const [whole = "0", fraction = "00"] = amount.split(".");
  const words = wholeInCapitals(BigInt(whole));
  const [jiao = 0, fen = 0] = [...fraction].map(Number);
  if (words === "" && jiao === 0 && fen === 0) return "人民币零元整";
  let text = `人民币${words === "" ? "" : `${words}元`}`;
  if (jiao === 0 && fen === 0) return `${text}整`;
  if (jiao > 0) text += `${DIGITS[jiao]}角`;
  else if (words !== "") text += "零";
  return fen > 0 ? `${text}${DIGITS[fen]}分` : `${text}整`;
}

function wholeInCapitals(whole: bigint): string {
  let words = "";
  let gap = false;
  for (let index = 3; index >= 0; index--) {
    const section = Number((whole / 10_000n ** BigInt(index)) % 10_000n);
    if (section === 0) {
      gap = words !== "";
      continue;
    }
    if (words !== "" && (gap || section < 1000)) words += "零";
    words += sectionInCapitals(section) + unitOf(index, whole);
    gap = false;
  }
  return words;
}

function unitOf(index: number, whole: bigint): string {
  const hundredMillions = (whole / 10_000n ** 2n) % 10_000n;
  return index === 3 && hundredMillions > 0n ? "万" : (["", "万", "亿", "万亿"][index] ?? "");
}

function sectionInCapitals(section: number): string {
  let words = "";
  let gap = false;
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(section / 10 ** place) % 10;
    if (digit === 0) {
      gap = words !== "";
      continue;
    }
    words += `${gap ? "零" : ""}${DIGITS[digit]}${PLACES[place]}`;
    gap = false;
  }
  return words;
}

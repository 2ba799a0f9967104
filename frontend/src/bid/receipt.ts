// Shows the receipt of a bid: what the system holds and since when, with the files the bidder must keep.
import { downloadLink, element } from "../page/dom.ts";
import { beijingSeconds } from "../page/time_left.ts";
import { inYuan } from "../page/capitals.ts";
import type { PreparedBid } from "./prepare.ts";

export interface Receipt {
  statement?: { header_sha256?: string; received_at?: string; [key: string]: unknown };
  signature?: string;
}

export function receiptPanel(receipt: Receipt, bid: PreparedBid, price: string): HTMLElement {
  const { header_sha256: held = "", received_at: receivedAt = "" } = receipt.statement ?? {};
  if (held !== bid.digest) return mismatchPanel(held, receipt, bid);
  const id = bid.header.context.envelope_id;
  const line = (name: string, value: string | Node) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value));
  return element(
    "section",
    { class: "receipt", role: "status", tabindex: "-1" },
    element("h2", { class: "receipt__title" }, "投标文件已递交"),
    element(
      "dl",
      {},
      line("递交时间", receivedAt === "" ? "见回执" : beijingSeconds(new Date(receivedAt))),
      line("投标报价（只在本机显示）", inYuan(price)),
      line("密封头 SHA-256", element("code", {}, held)),
    ),
    element(
      "p",
      {},
      "系统持有的密封头与本机计算的一致。保存下面两个文件：回执证明递交了什么、何时递交；撤回凭证是撤回本投标文件的唯一凭证，系统不留存。",
    ),
    element(
      "p",
      { class: "receipt__acts" },
      downloadLink("下载回执", `回执-${id}.json`, { receipt, header: bid.header }),
      downloadLink("下载撤回凭证", `撤回凭证-${id}.json`, bid.owner),
    ),
  );
}

function mismatchPanel(held: string, receipt: Receipt, bid: PreparedBid): HTMLElement {
  return element(
    "section",
    { class: "problem", role: "alert", tabindex: "-1" },
    element("h2", { class: "problem__title" }, "回执与本机计算的不一致"),
    element("p", {}, `本机密封头 SHA-256 为 ${bid.digest}，回执写的是 ${held || "空"}。保存回执并立即联系运营机构。`),
    element("p", {}, downloadLink("下载回执", "回执.json", { receipt, header: bid.header })),
  );
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBid, readFiles } from "../src/bid/form_check.ts";
import { problemOfFileName } from "../src/crypto/bidfile.ts";

function typed(changes: Record<string, string> = {}): FormData {
  const form = new FormData();
  const values = {
    price_yuan: "12,345,678.90",
    duration_days: "180",
    project_lead: "王投标",
    quality: "合格",
    note: "",
    ...changes,
  };
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  return form;
}

function refusedFields(changes: Record<string, string>, ceiling = ""): string[] {
  return checkBid(typed(changes), ceiling).problems.map((problem) => problem.field);
}

test("a good form is read exactly", () => {
  const { typed: bid, problems } = checkBid(typed({ note: "一\r\n二" }), "");

  assert.deepEqual(problems, []);
  assert.deepEqual(bid, {
    price_yuan: "12345678.90",
    duration_days: 180,
    project_lead: "王投标",
    quality: "合格",
    note: "一\n二",
  });
});

test("full-width digits are read as people mean them", () => {
  const { typed: bid, problems } = checkBid(typed({ price_yuan: "１２，３４５．６０", duration_days: "１２０" }), "");

  assert.deepEqual(problems, []);
  assert.deepEqual([bid.price_yuan, bid.duration_days], ["12345.60", 120]);
});

test("everything wrong is said at once, by field", () => {
  const wrong = { price_yuan: "0", duration_days: "18.5", project_lead: " ", quality: "x".repeat(201) };

  assert.deepEqual(refusedFields(wrong), ["price_yuan", "duration_days", "project_lead", "quality"]);
});

test("a price up to the ceiling is taken, a fen above it is not", () => {
  assert.deepEqual(refusedFields({ price_yuan: "100.00" }, "100.00"), []);
  assert.deepEqual(refusedFields({ price_yuan: "100.01" }, "100.00"), ["price_yuan"]);
});

test("days are whole, from 1 to 36500", () => {
  assert.deepEqual(refusedFields({ duration_days: "0" }), ["duration_days"]);
  assert.deepEqual(refusedFields({ duration_days: "36500" }), []);
  assert.deepEqual(refusedFields({ duration_days: "36501" }), ["duration_days"]);
});

test("file names follow the reader's rule", () => {
  for (const name of ["报价 清单.pdf", "a".repeat(120)]) assert.equal(problemOfFileName(name), "");
  for (const name of ["", ".a", "a/b", "a\u0007", " a", "a\u3000b", "a".repeat(121)]) {
    assert.notEqual(problemOfFileName(name), "", name);
  }
});

test("two files of one name are refused, and so is too much", async () => {
  const file = new File(["12345"], "清单.pdf");

  await assert.rejects(readFiles([file, file], 100), /有两个附件都叫“清单.pdf”/);
  await assert.rejects(readFiles([file], 4), /超过/);
  assert.deepEqual([...(await readFiles([file], 5)).keys()], ["清单.pdf"]);
});

test("an empty attachment is refused: it was chosen by mistake or not saved", async () => {
  const files = [new File(["x"], "清单.pdf"), new File([], "技术标.pdf")];

  await assert.rejects(readFiles(files, 100), /附件“技术标.pdf”是空文件（0 字节）/);
});

test("as many files as a bid file takes are read, one more is refused", async () => {
  const files = Array.from({ length: 501 }, (_, n) => new File(["x"], `${n}.pdf`));

  assert.equal((await readFiles(files.slice(1), 1000)).size, 500);
  await assert.rejects(readFiles(files, 1000), /501 个，超过 500 个的上限/);
});

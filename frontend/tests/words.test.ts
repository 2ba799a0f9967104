import assert from "node:assert/strict";
import { test } from "node:test";
import { exactAmount, inCapitals, inYuan, plainAmount } from "../src/page/capitals.ts";
import { beijing, clockDigits, secondsLeft, spokenStep, timeLeft } from "../src/page/time_left.ts";

const NOW = new Date("2026-03-02T01:00:00Z");
const after = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);

test("an amount is two decimals, whatever was typed", () => {
  assert.equal(exactAmount("１,２３４．５"), "1234.50");
  assert.equal(exactAmount("007"), "7.00");
  assert.equal(exactAmount("0.01"), "0.01");
  assert.equal(plainAmount(" 12，800,000.00 "), "12800000.00");
});

test("what is no amount of yuan stays refused", () => {
  for (const typed of ["", "-1", "1.234", "1e5", "12a", "1.", "1".repeat(15)]) assert.equal(exactAmount(typed), null);
  assert.equal(exactAmount("9".repeat(14)), `${"9".repeat(14)}.00`);
});

test("capitals as contracts write them", () => {
  assert.equal(inCapitals("1680.32"), "人民币壹仟陆佰捌拾元叁角贰分");
  assert.equal(inCapitals("0.00"), "人民币零元整");
  assert.equal(inCapitals("0.05"), "人民币伍分");
  assert.equal(inCapitals("100000.05"), "人民币壹拾万元零伍分");
  assert.equal(inYuan("12800000.00"), "12,800,000.00 元");
});

test("time left is coarser the longer it is", () => {
  assert.equal(timeLeft(3 * 86400), "还剩 3 天");
  assert.equal(timeLeft(3 * 86400 - 1), "还剩 2 天 23 小时");
  assert.equal(timeLeft(86399), "还剩 23 小时 59 分");
  assert.equal(timeLeft(3599), "还剩 59 分 59 秒");
  assert.equal(timeLeft(1), "还剩 0 分 1 秒");
  assert.equal(timeLeft(0), "已截止");
});

test("a deadline has passed from its instant on, not before", () => {
  assert.equal(secondsLeft(after(1), NOW), 1);
  assert.equal(secondsLeft(after(0), NOW), 0);
  assert.equal(secondsLeft(after(-5000), NOW), 0);
});

test("a reader is told steps, not seconds", () => {
  const steps = new Set(Array.from({ length: 7200 }, (_, at) => spokenStep(at + 1)));

  assert.deepEqual([...steps].length, 8);
  assert.equal(spokenStep(3601), "还剩 2 小时以内");
  assert.equal(spokenStep(3600), "还剩 60 分钟以内");
  assert.equal(spokenStep(31), "还剩 1 分钟以内");
  assert.equal(spokenStep(30), "还剩 30 秒以内");
  assert.equal(spokenStep(0), "已截止");
});

test("instants are Beijing time with weekday", () => {
  assert.equal(beijing(new Date("2026-03-22T01:00:00Z")), "2026-03-22 周日 09:00");
  assert.equal(beijing(new Date("2026-12-31T16:00:00Z")), "2027-01-01 周五 00:00");
  assert.equal(clockDigits(new Date("2026-03-02T01:02:03Z")), "09:02:03");
});

import { test } from "node:test";
import { sealsAndOpens } from "../src/selftest/sample.ts";

test("the self-test's sample is sealed and opened on this device", async () => {
  await sealsAndOpens();
});

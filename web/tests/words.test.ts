// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { _, fill, loadWords, ngettext } from "../src/words.js";

test("English is its own catalog", async () => {
  await loadWords("en");

  expect(_("%(time)s left", { time: "0:10" })).toBe("0:10 left");
  expect(ngettext("%(n)s cup", "%(n)s cups", 1, { n: "1" })).toBe("1 cup");
  expect(ngettext("%(n)s cup", "%(n)s cups", 4, { n: "4" })).toBe("4 cups");
});

test("a sentence without its value keeps the place visible", () => {
  expect(fill("%(a)s and %(b)s", { a: "x" })).toBe("x and %(b)s");
});

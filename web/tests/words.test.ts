// SPDX-License-Identifier: Apache-2.0
import { expect, test, vi } from "vitest";
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

test("a language that is not built in is asked of the server, with its own plural forms", async () => {
  const forms = Array.from({ length: 200 }, (_unused, n) => {
    if (n % 10 === 1 && n % 100 !== 11) return 0;
    return n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 10 || n % 100 >= 20) ? 1 : 2;
  });
  const said = { "": forms.join(""), "%(n)s cup": ["%(n)s чашка", "%(n)s чашкі", "%(n)s чашак"], Buy: "Купіць" };
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return new Response(JSON.stringify(said));
  });

  await loadWords("be");

  expect(asked).toEqual(["/words/be.json"]);
  expect(_("Buy")).toBe("Купіць");
  const count = (n: number) => ngettext("%(n)s cup", "%(n)s cups", n, { n: String(n) });
  expect([1, 3, 5, 11, 21, 112, 1001, 1011].map(count)).toEqual([
    "1 чашка", "3 чашкі", "5 чашак", "11 чашак", "21 чашка", "112 чашак", "1001 чашка", "1011 чашак",
  ]);
});

test("a server without the language leaves English", async () => {
  vi.stubGlobal("fetch", async () => new Response("", { status: 404 }));

  await loadWords("tlh");

  expect(_("Buy")).toBe("Buy");
  expect(ngettext("%(n)s cup", "%(n)s cups", 2, { n: "2" })).toBe("2 cups");
});

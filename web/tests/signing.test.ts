// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { digitsIn } from "../src/forms.js";

test("a code is read in whatever digits it is written", () => {
  expect(digitsIn("١٢٣ ٤٥٦")).toBe("123456");
  expect(digitsIn("๐๑๒-345")).toBe("012345");
  expect(digitsIn("۹۸۷６５４x")).toBe("987654");
});

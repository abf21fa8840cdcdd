// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { chooseType, TYPES } from "../src/studio/recording.js";

test("H.264 is chosen where the browser can write it, so the engine only copies", () => {
  expect(chooseType(() => true)).toBe(TYPES[0]);
  expect(chooseType((type) => type.includes("matroska"))).toContain("avc1");
});

test("VP8 is the last resort", () => {
  expect(chooseType((type) => type.includes("vp8"))).toBe("video/webm;codecs=vp8,opus");
});

test("a browser that records nothing is told so", () => {
  expect(chooseType(() => false)).toBeNull();
});

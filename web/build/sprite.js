// SPDX-License-Identifier: Apache-2.0
// One sprite of only the icons named in icons.txt, written beside the other built files and added to the manifest.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const WEIGHTS = ["fill", "bold"];

/** @param {string} name */
function symbol(name) {
  const weight = WEIGHTS.find((word) => name.endsWith(`-${word}`)) ?? "regular";
  const source = readFileSync(
    join("node_modules/@phosphor-icons/core/assets", weight, `${name}.svg`),
    "utf8",
  );
  const drawing = source.replace(/^<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  return `<symbol id="${name}" viewBox="0 0 256 256">${drawing}</symbol>`;
}

/** @param {string} list */
export function sprite(list) {
  let folder = "";
  return {
    name: "silkcast-sprite",
    /** @param {{ build: { outDir: string }, root: string }} config */
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle() {
      const names = readFileSync(list, "utf8").split(/\s+/).filter(Boolean);
      const text = `<svg xmlns="http://www.w3.org/2000/svg">${[...new Set(names)].sort().map(symbol).join("")}</svg>`;
      const hash = createHash("sha256").update(text).digest("base64url").slice(0, 8);
      const file = `icons-${hash}.svg`;
      writeFileSync(join(folder, file), text);
      const path = join(folder, "manifest.json");
      const manifest = JSON.parse(readFileSync(path, "utf8"));
      manifest["icons.svg"] = { file };
      writeFileSync(path, JSON.stringify(manifest, null, 1));
    },
  };
}

// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vite";
import { sprite } from "./build/sprite.js";
import { themes } from "./build/themes.js";

export default defineConfig({
  base: "/static/built/",
  publicDir: false,
  plugins: [sprite("icons.txt")],
  css: { postcss: { plugins: [themes()] } },
  build: {
    outDir: "../silkcast/faces/static/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    // light-dark() is written out by our own plugin, so that older phones keep their colours too
    target: ["chrome100", "safari15.4", "firefox110"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      checks: { eval: false },
      input: [
        "src/site.ts",
        "src/room.ts",
        "src/card.ts",
        "src/studio.ts",
        "src/styles/site.css",
        "src/styles/room.css",
        "src/styles/studio.css",
      ],
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  test: { include: ["tests/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);

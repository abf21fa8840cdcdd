// SPDX-License-Identifier: Apache-2.0
// tokens.css says each colour once, as light-dark(day, night). This writes the two themes out, for phones whose browser
// does not know light-dark(), and says where each holds: data-theme on any element, else what the system prefers;
// data-wide="dark" is paper on a phone and night on a desk;
// what is printed is day.

const PAIR = /^light-dark\(\s*([^,()]+(?:\([^)]*\))?)\s*,\s*([^,()]+(?:\([^)]*\))?)\s*\)$/;

export function themes() {
  return {
    postcssPlugin: "silkcast-themes",
    /** @param {any} root @param {any} helpers */
    Once(root, { postcss }) {
      let day = "color-scheme:light;";
      let night = "color-scheme:dark;";
      root.walkDecls(/^--/, (/** @type {any} */ declaration) => {
        const pair = PAIR.exec(declaration.value);
        if (!pair) return;
        day += `${declaration.prop}:${pair[1]};`;
        night += `${declaration.prop}:${pair[2]};`;
        declaration.remove();
      });
      if (day === "color-scheme:light;") return;
      const written =
        `:root,[data-theme="light"],[data-theme="auto"]{${day}}` +
        `@media (prefers-color-scheme:dark){:root:not([data-theme]),[data-theme="auto"]{${night}}}` +
        `[data-theme="dark"]{${night}}` +
        `@media (min-width:1024px){[data-theme][data-wide="dark"]{${night}}}` +
        `[data-theme]{color:var(--ink)}` +
        `@media print{:root:root,[data-theme][data-theme]{${day}}}`;
      root.prepend(postcss.parse(written, { from: root.source?.input.file }));
    },
  };
}

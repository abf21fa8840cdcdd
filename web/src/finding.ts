// SPDX-License-Identifier: Apache-2.0
// Finding among many choices: what is typed leaves those that match and opens their groups; the arrow goes down to the
// first, Enter takes it if it is the only one. Letters are compared without their marks, as faces/shop/market.py does.

function plain(text: string): string {
  return text.toLowerCase().replaceAll("ß", "ss").normalize("NFKD").replace(/\p{Mn}/gu, "");
}

function shown(inside: Element): HTMLInputElement[] {
  const choices = inside.querySelectorAll<HTMLElement>("[data-finds]");
  return [...choices].filter((choice) => !choice.hidden).flatMap((choice) => choice.querySelector("input") ?? []);
}

function find(input: HTMLInputElement, inside: Element): void {
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  for (const group of inside.querySelectorAll("details")) {
    let matching = 0;
    for (const choice of group.querySelectorAll<HTMLElement>("[data-finds]")) {
      choice.hidden = !words.every((word) => choice.dataset["finds"]!.includes(word));
      if (!choice.hidden) matching += 1;
    }
    group.hidden = matching === 0;
    group.open = words.length ? matching > 0 : group.querySelector("input:checked") !== null;
  }
  const none = inside.querySelector("[data-none]");
  const said = inside.querySelector<HTMLTemplateElement>("[data-none-words]")?.content.textContent ?? "";
  if (none) none.textContent = shown(inside).length ? "" : said;
}

export function startFinding(): void {
  document.addEventListener("input", (event) => {
    const input = event.target as HTMLInputElement;
    const inside = input.closest("[data-finding]");
    if (inside && input.hasAttribute("data-find")) find(input, inside);
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target as HTMLInputElement;
    if (!(input instanceof HTMLInputElement) || !input.hasAttribute("data-find")) return;
    const inside = input.closest("[data-finding]");
    if (!inside || (event.key !== "ArrowDown" && event.key !== "Enter")) return;
    event.preventDefault(); // Enter would send the form with a choice nobody made
    const [first, ...more] = shown(inside);
    if (!first || (event.key === "Enter" && more.length)) return;
    const group = first.closest("details");
    if (group) group.open = true;
    first.checked = true;
    first.focus();
  });
}

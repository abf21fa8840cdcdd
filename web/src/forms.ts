// SPDX-License-Identifier: Apache-2.0
// Forms outside sheets: a second press does nothing, a choice that changes the page asks for it at once.

/** The first digits of the scripts that people here count with. */
const ZEROS = [0x30, 0x660, 0x6f0, 0xe50, 0xff10];

/** The digits of a text, in whichever of these scripts, as ours. */
export function digitsIn(text: string): string {
  return [...text].map(digit).join("");
}

function digit(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  const zero = ZEROS.find((one) => code >= one && code <= one + 9);
  return zero === undefined ? "" : String(code - zero);
}

export function startForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.closest("dialog")) return;
    const button = event.submitter;
    if (button?.getAttribute("aria-busy") === "true") return event.preventDefault();
    button?.setAttribute("aria-busy", "true");
    const said = button?.querySelector("span");
    if (said && button instanceof HTMLElement && button.dataset["busy"]) said.textContent = button.dataset["busy"];
  });
  // a page kept by the browser comes back as it was left: nothing is being sent any more
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("button[aria-busy=true]")) button.removeAttribute("aria-busy");
  });
  document.addEventListener("change", (event) => {
    const input = event.target as HTMLInputElement;
    if (input.closest("dialog")) return;
    const refresh = input.closest<HTMLElement>("[data-refresh]")?.dataset["refresh"];
    if (!refresh || !input.form || !input.closest("[data-reprice]")) return;
    const url = new URL(refresh, location.href);
    for (const [name, value] of new FormData(input.form)) if (typeof value === "string") url.searchParams.set(name, value);
    location.assign(url);
  });
  document.addEventListener("input", (event) => {
    const input = event.target as HTMLInputElement;
    if (input.autocomplete !== "one-time-code") return;
    input.value = digitsIn(input.value).slice(0, 6);
    if (input.value.length === 6) input.form?.requestSubmit();
  });
}

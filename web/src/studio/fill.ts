// SPDX-License-Identifier: Apache-2.0
// Small helps of the studio: a suggestion fills its field, a moment moves the replay.

export function startFilling(): void {
  document.addEventListener("click", (event) => {
    const from = (event.target as Element).closest<HTMLElement>("[data-fill]");
    if (from) fill(from.dataset["fill"] ?? "", from.dataset["value"] ?? "");
    const moment = (event.target as Element).closest<HTMLElement>("[data-seek]");
    if (moment) document.dispatchEvent(new CustomEvent("sc:seek", { detail: Number(moment.dataset["seek"]) }));
  });
}

// The arrows walk through suggestions, Escape goes back to the field; Enter presses as it does everywhere.
export function startWalking(): void {
  document.addEventListener("keydown", (event) => {
    const from = event.target as HTMLElement;
    const picks = [...document.querySelectorAll<HTMLElement>(".hs-list .hs-pick")];
    const at = picks.indexOf(from);
    if (!picks.length || (at < 0 && from.id !== "hs_code")) return;
    if (event.key === "ArrowDown") picks[Math.min(at + 1, picks.length - 1)]?.focus();
    else if (event.key === "ArrowUp" && at > 0) picks[at - 1]?.focus();
    else if (at >= 0 && (event.key === "ArrowUp" || event.key === "Escape")) document.getElementById("hs_code")?.focus();
    else return;
    event.preventDefault();
  });
}

function fill(id: string, value: string): void {
  const field = document.getElementById(id) as HTMLInputElement | null;
  if (!field) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

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

function fill(id: string, value: string): void {
  const field = document.getElementById(id) as HTMLInputElement | null;
  if (!field) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

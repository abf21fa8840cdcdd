// SPDX-License-Identifier: Apache-2.0
// Small helps of the studio: a suggestion fills its field, a link is copied, a moment moves the replay.

import { toast } from "../page.js";
import { _ } from "../words.js";

export function startFilling(): void {
  document.addEventListener("click", (event) => {
    const from = (event.target as Element).closest<HTMLElement>("[data-fill]");
    if (from) fill(from.dataset["fill"] ?? "", from.dataset["value"] ?? "");
    const copy = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (copy) void copyField(copy.dataset["copy"] ?? "");
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

/** Where the browser does not let us copy, the field stands ready to be copied by hand. */
async function copyField(id: string): Promise<void> {
  const field = document.getElementById(id) as HTMLInputElement | null;
  if (!field) return;
  try {
    await navigator.clipboard.writeText(field.value);
    toast(_("The link is copied."));
  } catch {
    field.focus();
    field.select();
  }
}

// SPDX-License-Identifier: Apache-2.0
// Links that are copied, sent on with the person's own apps, or printed as a code to scan.

import { toast } from "./page.js";
import { _ } from "./words.js";

export function startSharing(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const copy = target.closest<HTMLElement>("[data-copy]");
    if (copy) void copyField(copy.dataset["copy"] ?? "");
    const send = target.closest<HTMLElement>("[data-send]");
    if (send) void sendOn(send.dataset["send"] ?? "", send.dataset["title"] ?? "");
    if (target.closest("[data-print]")) window.print();
  });
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

async function sendOn(url: string, title: string): Promise<void> {
  try {
    await navigator.share({ title, url });
  } catch {
    // the person closed the menu, or this browser has none: the link stands above
  }
}

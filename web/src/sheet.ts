// SPDX-License-Identifier: Apache-2.0
// The one sheet of a page: a dialog whose pages the server draws. Links with data-sheet open it, data-turn turns its
// page, forms inside are sent without leaving; back closes it, and whatever lies beneath goes on.

import { draw, fetchFragment } from "./page.js";
import { _ } from "./words.js";

const WAIT_MS = 2000;

class Sheet {
  private opener: Element | null = null;
  private waiting = 0;
  private turn = 0;
  private inHistory = false;

  constructor(private readonly dialog: HTMLDialogElement) {
    dialog.addEventListener("click", (event) => this.clicked(event));
    dialog.addEventListener("submit", (event) => void this.submitted(event));
    dialog.addEventListener("change", (event) => this.changed(event));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    window.addEventListener("popstate", () => {
      if (!this.dialog.open) return;
      this.inHistory = false;
      this.close();
    });
    dialog.addEventListener("sc:over", (event) => this.timeOver(event));
    this.watchSwipe();
  }

  /** With a form, it is sent to the address. */
  async open(address: string, opener: Element | null, form?: FormData): Promise<void> {
    this.opener = opener;
    if (!this.dialog.open) {
      this.dialog.classList.remove("closing");
      this.inside.replaceChildren(skeleton());
      this.dialog.showModal();
      history.pushState({ sheet: true }, "");
      this.inHistory = true;
    }
    await this.load(address, form, form ? "POST" : "GET");
  }

  close(): void {
    if (!this.dialog.open) return;
    clearTimeout(this.waiting);
    this.turn += 1;
    if (this.inHistory) {
      this.inHistory = false;
      history.back();
      this.dialog.close();
    } else {
      this.dialog.close();
    }
    if (this.opener instanceof HTMLElement && this.opener.isConnected) this.opener.focus();
    document.dispatchEvent(new CustomEvent("sc:sheet-closed"));
  }

  private get inside(): HTMLElement {
    return this.dialog.querySelector<HTMLElement>("[data-sheet-page]")!;
  }

  private async load(address: string, form?: FormData, method = "GET"): Promise<void> {
    const turn = ++this.turn;
    clearTimeout(this.waiting);
    this.inside.setAttribute("aria-busy", "true");
    try {
      const fragment = await fetchFragment(address, form, method);
      if (turn !== this.turn || !this.dialog.open) return;
      if (fragment.html) this.show(fragment.html);
    } catch {
      if (turn === this.turn) this.fail(address);
    } finally {
      this.inside.removeAttribute("aria-busy");
    }
  }

  private show(html: string): void {
    const kept = document.activeElement?.id;
    this.inside.replaceChildren(draw(html));
    const wrong = this.inside.querySelector<HTMLElement>("[aria-invalid=true]");
    const same = kept ? this.inside.querySelector<HTMLElement>(`#${CSS.escape(kept)}`) : null;
    const head = this.inside.querySelector<HTMLElement>("h2");
    (wrong ?? same ?? head)?.focus({ preventScroll: !wrong });
    const wait = this.inside.querySelector<HTMLElement>("[data-wait]")?.dataset["wait"];
    if (wait) this.look(wait);
  }

  /** The time to pay for a claim is up: the server says what became of it. */
  private timeOver(event: Event): void {
    event.stopPropagation();
    const claim = (event.target as Element).closest("form")?.querySelector<HTMLInputElement>("input[name=claim]")?.value;
    if (claim) void this.load(`/claims/${claim}`);
  }

  /** Asks again and again until there is another page: the bank takes its time. */
  private look(address: string): void {
    const turn = this.turn;
    const every = Number(this.inside.querySelector<HTMLElement>("[data-every]")?.dataset["every"] ?? 0) * 1000;
    this.waiting = window.setTimeout(async () => {
      try {
        const fragment = await fetchFragment(address);
        if (turn !== this.turn || !this.dialog.open) return;
        if (fragment.html) return this.show(fragment.html);
      } catch {
        // the line is weak: the next look may pass
      }
      if (turn === this.turn && this.dialog.open) this.look(address);
    }, every || WAIT_MS);
  }

  private fail(address: string): void {
    const note = document.createElement("div");
    note.className = "sheet-body";
    const words = document.createElement("p");
    words.className = "notice madder";
    words.setAttribute("role", "alert");
    words.textContent = _("This did not load. Nothing was charged.");
    const again = document.createElement("button");
    again.className = "button main";
    again.type = "button";
    again.textContent = _("Try again");
    again.addEventListener("click", () => void this.load(address));
    note.append(words, again);
    this.inside.replaceChildren(note);
    again.focus();
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    if (target === this.dialog) return this.close();
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (target.closest("[data-close]")) {
      event.preventDefault();
      return this.close();
    }
    const seek = target.closest<HTMLElement>("[data-seek]");
    if (seek) {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("sc:seek", { detail: Number(seek.dataset["seek"]) }));
      return this.close();
    }
    const link = target.closest<HTMLAnchorElement>("a[data-turn], a[data-sheet]");
    if (link) {
      event.preventDefault();
      void this.load(link.href);
    }
  }

  private async submitted(event: SubmitEvent): Promise<void> {
    const form = event.target as HTMLFormElement;
    if (form.hasAttribute("data-leave")) return;
    event.preventDefault();
    const button = event.submitter as HTMLButtonElement | null;
    if (button?.getAttribute("aria-busy") === "true") return;
    button?.setAttribute("aria-busy", "true");
    const said = button?.querySelector("span");
    const before = said?.textContent;
    if (said && button?.dataset["busy"]) said.textContent = button.dataset["busy"];
    const action = button?.hasAttribute("formaction") ? button.formAction : form.action;
    const method = (button?.getAttribute("formmethod") ?? form.method).toUpperCase();
    await this.load(action, new FormData(form, button), method);
    if (button?.isConnected) {
      button.removeAttribute("aria-busy");
      if (said && before) said.textContent = before;
    }
  }

  /** A choice that changes the price asks for the page anew at once. */
  private changed(event: Event): void {
    const input = event.target as HTMLInputElement;
    const refresh = input.closest<HTMLElement>("[data-refresh]")?.dataset["refresh"];
    if (refresh && input.form && input.closest("[data-reprice]")) void this.load(refresh, new FormData(input.form));
  }

  private watchSwipe(): void {
    let from = 0;
    const grabber = this.dialog.querySelector<HTMLElement>(".grabber");
    grabber?.addEventListener("touchstart", (event) => (from = event.touches[0]?.clientY ?? 0), { passive: true });
    grabber?.addEventListener("touchend", (event) => {
      if ((event.changedTouches[0]?.clientY ?? 0) - from > 60) this.close();
    });
  }
}

/** Makes the page's dialog the sheet, or adds one, and lets every data-sheet link open it. */
export function startSheet(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#sheet") ?? made();
  const sheet = new Sheet(dialog);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-sheet]");
    if (!link || dialog.contains(link)) return;
    event.preventDefault();
    void sheet.open(link.href, link);
  });
  document.addEventListener("sc:open-sheet", (event) => {
    const { href, opener, form } = (event as CustomEvent<{ href: string; opener: Element | null; form?: FormData }>).detail;
    void sheet.open(href, opener, form);
  });
}

/** The shape of what comes; the style shows it only after 300 ms. */
function skeleton(): HTMLElement {
  const body = document.createElement("div");
  body.className = "sheet-body sheet-skeleton";
  body.setAttribute("aria-hidden", "true");
  for (const kind of ["head", "line", "block", "line", "line"]) {
    const bone = document.createElement("span");
    bone.className = `skeleton ${kind}`;
    body.append(bone);
  }
  return body;
}

function made(): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  dialog.id = "sheet";
  dialog.className = "sheet";
  dialog.setAttribute("aria-label", _("Sheet"));
  const grabber = document.createElement("div");
  grabber.className = "grabber";
  const inside = document.createElement("div");
  inside.className = "sheet-page";
  inside.dataset["sheetPage"] = "";
  dialog.append(grabber, inside);
  document.body.append(dialog);
  return dialog;
}

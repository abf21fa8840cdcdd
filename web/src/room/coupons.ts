// SPDX-License-Identifier: Apache-2.0
// <sc-coupons data-src>: the coupons of the room, as the server draws them for this market. A press claims one.

import { draw, fetchFragment } from "../page.js";

const PAUSE_MS = 1500;

export class Coupons extends HTMLElement {
  private waiting = 0;

  connectedCallback(): void {
    this.addEventListener("submit", (event) => void this.claim(event));
  }

  /** There is another one, or fewer are left: asked for once however many events came. */
  changed(viewers: number): void {
    if (this.waiting) return;
    this.waiting = window.setTimeout(() => {
      this.waiting = 0;
      void this.ask(this.dataset["src"] ?? "");
    }, PAUSE_MS * Math.random() + Math.min(3000, viewers) * Math.random());
  }

  private async claim(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target as HTMLFormElement;
    const button = form.querySelector("button");
    if (button?.getAttribute("aria-busy") === "true") return;
    button?.setAttribute("aria-busy", "true");
    await this.ask(form.action, new FormData(form));
    button?.removeAttribute("aria-busy");
  }

  private async ask(address: string, form?: FormData): Promise<void> {
    try {
      const { html } = await fetchFragment(address, form, form ? "POST" : "GET");
      this.replaceChildren(draw(html));
    } catch {
      // the old ones stay; the next event asks again
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
// <sc-likes>: a heart a press, one post a second however fast one presses.

import { compact } from "../figures.js";
import { icon, post } from "../page.js";

const EVERY_MS = 1000;
const MOST_HEARTS = 12;

export class Likes extends HTMLElement {
  private gathered = 0;
  private shown = 0;
  private sending = 0;

  connectedCallback(): void {
    const form = this.querySelector("form");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.like(form.action);
    });
  }

  set(total: number): void {
    this.shown = Math.max(this.shown, total);
    const place = this.querySelector("[data-likes]");
    if (place) place.textContent = compact(this.shown + this.gathered);
  }

  private like(address: string): void {
    this.gathered += 1;
    this.set(this.shown);
    this.heart();
    this.sending ||= window.setTimeout(() => {
      const count = this.gathered;
      this.shown += count;
      this.gathered = 0;
      this.sending = 0;
      void post(address, { count });
    }, EVERY_MS);
  }

  private heart(): void {
    const sky = document.querySelector(".hearts");
    const made = icon("heart-fill");
    if (!sky || !made || sky.childElementCount > MOST_HEARTS) return;
    made.style.setProperty("--drift", String(Math.round(Math.random() * 50 - 25)));
    made.addEventListener("animationend", () => made.remove());
    sky.append(made);
  }
}

// SPDX-License-Identifier: Apache-2.0
// How often one may speak: the note under the field, the seconds until the next line, and a field that waits so long.

import { count } from "../figures.js";
import { _, ngettext } from "../words.js";

export class Pace {
  private until = 0;
  private timer = 0;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly isKnown: boolean,
    private slow: number,
    private who: string,
  ) {
    this.draw();
  }

  allow(slow: number, who: string): void {
    if (slow < this.slow) this.until = Math.min(this.until, Date.now() + slow * 1000);
    this.slow = slow;
    this.who = who;
    this.draw();
  }

  /** A line was taken: in slow mode the next one waits. */
  spoke(): void {
    if (this.slow) this.wait(this.slow);
  }

  wait(seconds: number): void {
    this.until = Date.now() + seconds * 1000;
    this.draw();
  }

  private draw(): void {
    clearTimeout(this.timer);
    const left = Math.ceil((this.until - Date.now()) / 1000);
    const isShut = this.who === "nobody" || (this.who === "known" && !this.isKnown);
    const send = this.form.querySelector<HTMLButtonElement>("button[type=submit]");
    if (send) send.disabled = isShut || left > 0;
    (this.form.elements.namedItem("text") as HTMLInputElement).readOnly = isShut;
    const note = this.form.querySelector<HTMLElement>("[data-say-note]");
    if (note) {
      note.textContent = this.words(left);
      note.hidden = !note.textContent;
    }
    if (left > 0) this.timer = window.setTimeout(() => this.draw(), 1000);
  }

  private words(left: number): string {
    if (this.who === "nobody") return _("The host has closed the chat.");
    if (this.who === "known" && !this.isKnown) return _("Log in to speak here.");
    if (left > 0) return ngettext("Next line in %(num)s second", "Next line in %(num)s seconds", left, { num: count(left) });
    if (!this.slow) return "";
    return ngettext("One line every %(num)s second", "One line every %(num)s seconds", this.slow, { num: count(this.slow) });
  }
}

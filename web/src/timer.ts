// SPDX-License-Identifier: Apache-2.0
// <sc-timer data-ends>: counts down by the server's clock; speaks politely at 5 min, 1 min, 10 s and the end.

import { clock } from "./figures.js";
import { _ } from "./words.js";

/** Milliseconds the server is ahead of this browser. Measured from the Date of an answer, halfway through it. */
let ahead = 0;

export function learnClock(answer: Response, startedAt: number): void {
  const told = Date.parse(answer.headers.get("date") ?? "");
  // the header counts whole seconds: half of one is the fairest guess
  if (!Number.isNaN(told)) ahead = told + 500 - (startedAt + Date.now()) / 2;
}

export function serverNow(): number {
  return Date.now() + ahead;
}

const SPOKEN = new Set([300, 60, 10]);

export class Timer extends HTMLElement {
  private ticking = 0;

  connectedCallback(): void {
    this.tick();
    this.ticking = window.setInterval(() => this.tick(), 500);
  }

  disconnectedCallback(): void {
    clearInterval(this.ticking);
  }

  private tick(): void {
    const ends = Date.parse(this.dataset["ends"] ?? "");
    if (Number.isNaN(ends)) return;
    const left = Math.max(0, Math.ceil((ends - serverNow()) / 1000));
    const words = clock(left);
    const place = this.querySelector("bdi") ?? this;
    if (place.textContent !== words) {
      place.textContent = words;
      if (SPOKEN.has(left)) tell(_("%(time)s left", { time: words }));
    }
    if (left > 0) return;
    const then = this.dataset["then"];
    if (then) {
      // what was counted to has begun: from here on it counts to its end
      this.dataset["ends"] = then;
      delete this.dataset["then"];
      this.dispatchEvent(new CustomEvent("sc:begun", { bubbles: true }));
      return this.tick();
    }
    clearInterval(this.ticking);
    this.dispatchEvent(new CustomEvent("sc:over", { bubbles: true }));
  }
}

/** One polite sentence for the ear. */
export function tell(words: string): void {
  const place = document.querySelector("[data-told]");
  if (place) place.textContent = words;
}

// SPDX-License-Identifier: Apache-2.0
// <sc-pin>: what is on the table, as the server draws it for this viewer's market. The wire brings only its id.

import { count } from "../figures.js";
import { draw, fetchFragment } from "../page.js";
import { tell } from "../timer.js";
import { _ } from "../words.js";
import { glided } from "./protocol.js";

const CHANGE_MS = 240;

export class Pin extends HTMLElement {
  private asked = 0;

  get product(): string {
    return this.querySelector<HTMLElement>(".pinned")?.dataset["product"] ?? "";
  }

  /** The product that should lie here now; null for nothing. */
  async lay(product: string | null): Promise<void> {
    if (product === (this.product || null)) return;
    const asked = ++this.asked;
    if (product === null) return this.change(null);
    await this.refresh(asked);
  }

  /** The same product drawn anew: its stock ran out, or the market changed. */
  async refresh(asked = ++this.asked): Promise<void> {
    try {
      const { html } = await fetchFragment(this.dataset["card"] ?? "");
      if (asked !== this.asked) return;
      const card = draw(html).querySelector<HTMLElement>(".pinned");
      const isOther = card?.dataset["product"] !== this.product;
      if (!isOther && card) this.replaceChildren(card);
      else await this.change(card);
      if (card && isOther) this.announce(card);
    } catch {
      // the old card stays; the next event or snapshot tries again
    }
  }

  private async change(next: HTMLElement | null): Promise<void> {
    const old = this.querySelector(".pinned");
    if (old) {
      old.classList.add("leaving");
      await new Promise((done) => setTimeout(done, CHANGE_MS));
    }
    this.replaceChildren(...(next ? [next] : []));
    next?.classList.add("arriving");
  }

  private announce(card: HTMLElement): void {
    const name = card.querySelector(".pinned-name")?.textContent?.trim() ?? "";
    const price = card.querySelector(".pinned-price .now")?.textContent?.trim();
    tell(price ? _("Now on the table: %(name)s, %(price)s", { name, price }) : _("Now on the table: %(name)s", { name }));
  }
}

/** <sc-stock>: how many are left, changed in place. It glides to the new number; under five it is said so. */
export class Stock extends HTMLElement {
  private shown = Number.NaN;
  private frame = 0;

  disconnectedCallback(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  set(left: number): void {
    if (Number.isNaN(this.shown)) this.shown = Number(this.dataset["left"] ?? left);
    this.dataset["left"] = String(left);
    const isStill = document.visibilityState === "hidden" || matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (isStill || left >= this.shown || left === 0) return this.draw(left, left);
    if (!this.frame) this.frame = requestAnimationFrame(() => this.glide());
  }

  /** Part of the way with each picture, so that ten events a second are one movement. */
  private glide(): void {
    const left = Number(this.dataset["left"]);
    const next = glided(this.shown, left);
    this.draw(next, left);
    this.frame = next === left ? 0 : requestAnimationFrame(() => this.glide());
  }

  private draw(shown: number, left: number): void {
    this.shown = shown;
    const all = Number(this.dataset["of"] ?? 0);
    this.classList.toggle("gone", left === 0);
    const words = this.querySelector(".words");
    const sentence = said(Math.ceil(shown), all);
    if (words && words.textContent !== sentence) words.textContent = sentence;
    const meter = this.querySelector("progress");
    if (meter) meter.value = shown;
  }
}

function said(left: number, all: number): string {
  if (left === 0) return _("Sold out");
  if (left < 5) return _("Last %(count)s", { count: count(left) });
  if (all) return _("%(left)s of %(all)s left", { left: count(left), all: count(all) });
  return _("%(left)s left", { left: count(left) });
}

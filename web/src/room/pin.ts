// SPDX-License-Identifier: Apache-2.0
// <sc-pin>: what is on the table, as the server draws it for this viewer's market. The wire brings only its id.

import { count } from "../figures.js";
import { draw, fetchFragment } from "../page.js";
import { tell } from "../timer.js";
import { _ } from "../words.js";

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

/** <sc-stock>: how many are left, changed in place. Under five it is said so; at none the card is asked for anew. */
export class Stock extends HTMLElement {
  set(left: number): void {
    const all = Number(this.dataset["of"] ?? 0);
    this.dataset["left"] = String(left);
    this.classList.toggle("gone", left === 0);
    const words = this.querySelector(".words");
    if (words) words.textContent = said(left, all);
    const meter = this.querySelector("progress");
    if (meter) meter.value = left;
  }
}

function said(left: number, all: number): string {
  if (left === 0) return _("Sold out");
  if (left < 5) return _("Last %(count)s", { count: count(left) });
  if (all) return _("%(left)s of %(all)s left", { left: count(left), all: count(all) });
  return _("%(left)s left", { left: count(left) });
}

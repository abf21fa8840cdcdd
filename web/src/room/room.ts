// SPDX-License-Identifier: Apache-2.0
// <sc-room>: hears the feed and tells its parts. It holds no business: what is sold and for how much, the server says.

import { compact } from "../figures.js";
import { toast } from "../page.js";
import { _ } from "../words.js";
import type { Chat } from "./chat.js";
import { Claim } from "./claim.js";
import type { Coupons } from "./coupons.js";
import { Feed } from "./feed.js";
import type { Likes } from "./likes.js";
import type { Pin, Stock } from "./pin.js";
import type { Player } from "./player.js";
import { EMPTY, type Deal, type Event, type Room as State } from "./protocol.js";

export class Room extends HTMLElement {
  private state = "";
  private drawing = 0;
  private wasMet = false;
  /** The deal the card was drawn for last: a market without its price is not asked for it again and again. */
  private drawnFor = "?";

  connectedCallback(): void {
    this.state = this.dataset["state"] ?? "planned";
    this.addEventListener("sc:begun", () => this.begun());
    this.addEventListener("sc:over", () => this.dealOver());
    if (this.state === "ended") return;
    new Feed(this.dataset["show"] ?? "", EMPTY, this.dataset["seq"] ?? "", (room, event) => this.heard(room, event)).start();
  }

  private heard(room: State, event: Event | null): void {
    if (!event) return this.all(room);
    switch (event.kind) {
      case "chat":
        return this.chat?.add(event.body);
      case "bought": {
        const line = room.chat.at(-1);
        if (line) this.chat?.add(line);
        return;
      }
      case "fold":
        return this.chat?.fold(event.body.id, event.body.voices);
      case "pinned_line":
        return this.chat?.note(room.pinnedLine);
      case "speaking":
        return this.chat?.allow(room.speaking);
      case "hide":
        return this.chat?.hide(event.body.id);
      case "pin":
      case "unpin":
        return void this.pin?.lay(room.pin?.product ?? null);
      case "stock":
        return this.stock(event.body.variant, event.body.left);
      case "deal":
        return this.deal(room);
      case "left":
        return this.left(event.body.deal, event.body.variant, event.body.left);
      case "coupon":
        return this.querySelector<Coupons>("sc-coupons")?.changed(room.viewers);
      case "market":
        return this.market(room);
      case "likes":
        return this.likes?.set(room.likes);
      case "viewers":
        return this.viewers(room.viewers);
      case "state":
        return this.show(room);
    }
  }

  private all(room: State): void {
    this.chat?.showAll(room.chat);
    this.chat?.note(room.pinnedLine);
    this.chat?.allow(room.speaking);
    void this.pin?.lay(room.pin?.product ?? null);
    this.likes?.set(room.likes);
    this.viewers(room.viewers);
    for (const [variant, left] of Object.entries(room.stock)) this.stock(variant, left);
    this.deal(room);
    this.market(room);
    // the page itself was drawn a moment ago: its coupons are asked for again only where there are some, or after a gap
    if (this.wasMet || this.querySelector(".coupon")) this.querySelector<Coupons>("sc-coupons")?.changed(room.viewers);
    this.wasMet = true;
    this.show(room);
  }

  /** A deal that begins or ends changes the price, so the card is drawn anew; its numbers change in place. */
  private deal(room: State): void {
    for (const lane of room.deal?.lanes ?? []) this.left(room.deal!.deal, lane.variant, lane.left);
    const card = this.pin?.querySelector<HTMLElement>(".pinned");
    const on = dealOn(room.deal, card?.dataset["product"]);
    if (card && (card.dataset["deal"] ?? "") !== on && this.drawnFor !== on) {
      this.drawnFor = on;
      if (card.dataset["deal"] && !on) this.dealOver();
      else this.drawSoon(room.viewers);
    }
    if (room.deal) Claim.askAll(room.deal.deal, room.viewers);
  }

  private left(deal: string, variant: string, left: number): void {
    const lane = CSS.escape(`${deal}/${variant}`);
    for (const place of document.querySelectorAll<Stock>(`sc-stock[data-lane="${lane}"]`)) place.set(left);
    for (const claim of document.querySelectorAll<Claim>(`sc-claim[data-deal="${deal}"][data-variant="${variant}"]`)) claim.left(left);
  }

  private begun(): void {
    this.querySelector(".deal-band")?.classList.remove("counting");
    for (const claim of document.querySelectorAll<Claim>("sc-claim")) claim.begin();
  }

  /** The band says it for three seconds, then the usual price is back. */
  private dealOver(): void {
    const ends = this.querySelector(".deal-band .ends");
    if (ends) ends.textContent = _("Deal over");
    for (const claim of this.querySelectorAll<Claim>("#pin sc-claim")) claim.end();
    setTimeout(() => this.drawSoon(2000), ends ? 3000 : 0);
  }

  /** Thousands who are told the same thing at once do not all ask at once. */
  private drawSoon(viewers: number): void {
    clearTimeout(this.drawing);
    this.drawing = window.setTimeout(() => void this.pin?.refresh(), Math.random() * Math.min(3000, viewers));
  }

  private show(room: State): void {
    this.player?.told(room.hasPicture, room.state === "ended");
    if (room.state === this.state) return;
    this.state = room.state;
    // another state is another page: planned becomes live, live becomes a replay. Not under somebody's hands, though
    if (room.state === "live") location.reload();
    if (room.state === "ended") this.over();
  }

  /** The picture's place says that it is over, and leads on to the shop. Nothing is taken from under the hands. */
  private over(): void {
    this.classList.add("over");
    const note = this.querySelector<HTMLElement>(".film-over");
    if (note) note.hidden = false;
    else toast(_("The show has ended. The shop stays open."));
  }

  private stock(variant: string, left: number): void {
    for (const place of document.querySelectorAll<Stock>(`sc-stock[data-variant="${CSS.escape(variant)}"]`)) place.set(left);
    const card = this.pin?.querySelector<HTMLElement>(".pinned:not([data-deal])");
    if (!card) return;
    const wasGone = card.querySelector("sc-stock.gone, .pinned-act [disabled]") !== null;
    if (card.dataset["variant"] === variant && (left === 0) !== wasGone) void this.pin?.refresh();
  }

  /** A market takes no orders any more, or takes them again: its own viewers are told, and the film goes on. */
  private market(room: State): void {
    const isClosed = room.closed.includes(this.dataset["market"] ?? "");
    const note = this.querySelector<HTMLElement>("[data-market-closed]");
    if (!note || note.hidden === !isClosed) return;
    note.hidden = !isClosed;
    toast(isClosed ? _("Orders to your country are closed for now. You can watch on.") : _("Orders to your country are open again."));
    this.drawSoon(room.viewers);
  }

  private viewers(count: number): void {
    const place = this.querySelector("[data-viewers]");
    if (place) place.textContent = compact(count);
  }

  private get chat(): Chat | null {
    return this.querySelector<Chat>("sc-chat");
  }
  private get pin(): Pin | null {
    return this.querySelector<Pin>("sc-pin");
  }
  private get likes(): Likes | null {
    return this.querySelector<Likes>("sc-likes");
  }
  private get player(): Player | null {
    return this.querySelector<Player>("sc-player");
  }
}

/** The deal that should be on the card of a product; empty for none. */
function dealOn(deal: Deal | null, product: string | undefined): string {
  return deal?.lanes.some((lane) => lane.product === product) ? deal.deal : "";
}

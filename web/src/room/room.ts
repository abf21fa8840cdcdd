// SPDX-License-Identifier: Apache-2.0
// <sc-room>: hears the feed and tells its parts. It holds no business: what is sold and for how much, the server says.

import { compact } from "../figures.js";
import { toast } from "../page.js";
import { _ } from "../words.js";
import type { Chat } from "./chat.js";
import { Feed } from "./feed.js";
import type { Likes } from "./likes.js";
import type { Pin, Stock } from "./pin.js";
import type { Player } from "./player.js";
import { EMPTY, type Event, type Room as State } from "./protocol.js";

export class Room extends HTMLElement {
  private state = "";

  connectedCallback(): void {
    this.state = this.dataset["state"] ?? "planned";
    this.querySelector("[data-share]")?.addEventListener("click", (event) => void this.share(event));
    this.addEventListener("sc:over", () => void this.pin?.refresh());
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
    this.show(room);
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
    const card = this.pin?.querySelector<HTMLElement>(".pinned");
    const wasGone = card?.querySelector("sc-stock.gone, .pinned-act [disabled]") !== null;
    if (card?.dataset["variant"] === variant && (left === 0) !== wasGone) void this.pin?.refresh();
  }

  private viewers(count: number): void {
    const place = this.querySelector("[data-viewers]");
    if (place) place.textContent = compact(count);
  }

  private async share(event: globalThis.Event): Promise<void> {
    event.preventDefault();
    const url = (event.currentTarget as HTMLAnchorElement).href;
    try {
      if (navigator.share) return await navigator.share({ title: document.title, url });
      await navigator.clipboard.writeText(url);
      toast(_("The link is copied."));
    } catch {
      // the person closed the share menu
    }
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

// SPDX-License-Identifier: Apache-2.0
// Keeps the room's state true: one event stream down, the snapshot whenever there was a gap.

import { learnClock } from "../timer.js";
import { apply, fromSnapshot, pause, place, read, type Event, type Room, type Snapshot } from "./protocol.js";

const KINDS = ["pin", "unpin", "stock", "chat", "hide", "fold", "pinned_line", "speaking", "likes", "viewers", "state", "bought", "deal", "left", "coupon", "market", "snapshot"] as const;

export type Listener = (room: Room, event: Event | null) => void;

export class Feed {
  room: Room;
  private source: EventSource | null = null;
  private tries = 0;
  private fetching = false;
  private again = 0;

  constructor(
    private readonly show: string,
    start: Room,
    seq: string,
    private readonly changed: Listener,
  ) {
    this.room = { ...start, ...place(seq) };
  }

  start(): void {
    void this.refetch();
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.source?.readyState === EventSource.CLOSED) this.connect();
    });
    window.addEventListener("pagehide", () => this.source?.close());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) void this.refetch();
    });
  }

  private connect(): void {
    clearTimeout(this.again);
    this.source?.close();
    const after = `${this.room.era}-${this.room.seq}`;
    const source = new EventSource(`/live/${this.show}/events?after=${encodeURIComponent(after)}`);
    this.source = source;
    source.addEventListener("open", () => (this.tries = 0));
    source.addEventListener("error", () => {
      // the browser comes back by itself with Last-Event-ID, unless the answer was an error
      if (source.readyState === EventSource.CLOSED) this.comeBack();
    });
    for (const kind of KINDS) source.addEventListener(kind, (message) => this.heard(kind, message as MessageEvent<string>));
  }

  private heard(kind: string, message: MessageEvent<string>): void {
    const event = read(kind, message.lastEventId, message.data);
    if (!event) return;
    const outcome = apply(this.room, event);
    if (outcome === "snapshot") return void this.refetch();
    if (!outcome.changed) return;
    this.room = outcome.room;
    this.changed(this.room, event);
  }

  private async refetch(): Promise<void> {
    if (this.fetching) return;
    this.fetching = true;
    try {
      const startedAt = Date.now();
      const answer = await fetch(`/live/${this.show}/state`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`${answer.status}`);
      learnClock(answer, startedAt);
      this.room = fromSnapshot((await answer.json()) as Snapshot);
      this.changed(this.room, null);
      this.connect();
    } catch {
      this.comeBack();
    } finally {
      this.fetching = false;
    }
  }

  private comeBack(): void {
    clearTimeout(this.again);
    this.again = window.setTimeout(() => void this.refetch(), pause(this.tries++, Math.random()));
  }
}

// SPDX-License-Identifier: Apache-2.0
// A room's state from a snapshot and numbered events. Pure: touches no page and no network.
// The wire is described in docs/reference/live-protocol.md.

export type State = "planned" | "live" | "ended";

export interface ChatLine {
  id: string;
  kind: "viewer" | "host" | "bought";
  name: string;
  text: string;
  language?: string;
  from?: string;
  hidden?: boolean;
}

export interface Pin {
  product: string;
  variant?: string;
  at: number;
}

export interface Room {
  seq: number;
  state: State;
  viewers: number;
  likes: number;
  pin: Pin | null;
  stock: Readonly<Record<string, number>>;
  chat: readonly ChatLine[];
}

export type Event =
  | { seq: number; kind: "pin"; body: Pin }
  | { seq: number; kind: "unpin"; body: Record<string, never> }
  | { seq: number; kind: "stock"; body: Record<string, number> }
  | { seq: number; kind: "chat"; body: ChatLine }
  | { seq: number; kind: "hide"; body: { id: string } }
  | { seq: number; kind: "likes"; body: { count: number } }
  | { seq: number; kind: "viewers"; body: { count: number } }
  | { seq: number; kind: "state"; body: { state: State } }
  | { seq: number; kind: "bought"; body: ChatLine }
  | { seq: number; kind: "snapshot"; body: Record<string, never> };

/** What an event came to: the new room, or that it must be asked for whole. */
export type Outcome = { room: Room; changed: boolean } | "snapshot";

export const KEPT_LINES = 50;

export const EMPTY: Room = { seq: 0, state: "planned", viewers: 0, likes: 0, pin: null, stock: {}, chat: [] };

/** Applies one event. Known ones again change nothing; a gap, or a word of `snapshot`, asks for the whole. */
export function apply(room: Room, event: Event): Outcome {
  if (event.kind === "snapshot") return "snapshot";
  if (event.seq <= room.seq) return { room, changed: false };
  if (event.seq > room.seq + 1) return "snapshot";
  return { room: { ...step(room, event), seq: event.seq }, changed: true };
}

function step(room: Room, event: Exclude<Event, { kind: "snapshot" }>): Room {
  switch (event.kind) {
    case "pin":
      return { ...room, pin: event.body };
    case "unpin":
      return { ...room, pin: null };
    case "stock":
      return { ...room, stock: { ...room.stock, ...event.body } };
    case "likes":
      return { ...room, likes: Math.max(room.likes, event.body.count) };
    case "viewers":
      return { ...room, viewers: event.body.count };
    case "state":
      return { ...room, state: event.body.state };
    case "chat":
    case "bought":
      return { ...room, chat: added(room.chat, { ...event.body, kind: kindOf(event) }) };
    case "hide":
      return { ...room, chat: room.chat.map((line) => (line.id === event.body.id ? { ...line, hidden: true, text: "" } : line)) };
    default:
      return room;
  }
}

function kindOf(event: { kind: "chat" | "bought"; body: ChatLine }): ChatLine["kind"] {
  if (event.kind === "bought") return "bought";
  return event.body.kind === "host" ? "host" : "viewer";
}

function added(lines: readonly ChatLine[], line: ChatLine): readonly ChatLine[] {
  if (lines.some((one) => one.id === line.id)) return lines;
  return [...lines, line].slice(-KEPT_LINES);
}

/** Reads one frame of the feed; null for what this page does not know (a newer server may say more). */
export function read(kind: string, id: string, data: string): Event | null {
  const seq = Number(id);
  if (!Number.isSafeInteger(seq)) return null;
  try {
    return { seq, kind, body: JSON.parse(data) } as Event;
  } catch {
    return null;
  }
}

/** Milliseconds to wait before the nth try to reach the feed again. */
export function pause(tries: number, chance: number): number {
  return Math.min(30_000, 1_000 * 2 ** Math.min(tries, 5)) * (0.5 + chance / 2);
}

/** The direction of a message: that of its first strong letter. */
export function directionOf(text: string): "ltr" | "rtl" | "auto" {
  const strong = /[\p{L}]/u.exec(text)?.[0];
  if (!strong) return "auto";
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(strong) ? "rtl" : "ltr";
}

// SPDX-License-Identifier: Apache-2.0
// A room's state from a snapshot and numbered events. Pure: touches no page and no network.
// The wire is described in docs/reference/live-protocol.md.

export type State = "planned" | "live" | "ended";

export interface ChatLine {
  id: string;
  kind: "viewer" | "moderator" | "host" | "system" | "bought";
  /** Its place among the room's lines; what says that somebody bought has none, and stands where it came. */
  number?: number;
  name: string;
  text: string;
  language: string;
  /** How many people said it. */
  voices?: number;
  hidden?: boolean;
  /** For a line that says somebody bought: where they are, and how many. */
  market?: string;
  units?: number;
}

export interface Pin {
  product: string;
  at: string;
}

/** What the room allows. */
export interface Speaking {
  slow_seconds: number;
  has_links: boolean;
  who: "everyone" | "known" | "nobody";
}

export interface Lane {
  variant: string;
  product: string;
  units: number;
  left: number;
  waiting: number;
}

export interface Deal {
  deal: string;
  phase: "planned" | "counting" | "running" | "over";
  starts_at: string | null;
  ends_at: string | null;
  why: string;
  lanes: readonly Lane[];
}

export interface Room {
  /** The life of the feed these numbers belong to; after a restart it is another. */
  era: string;
  seq: number;
  state: State;
  hasPicture: boolean;
  hasReplay: boolean;
  viewers: number;
  likes: number;
  pin: Pin | null;
  stock: Readonly<Record<string, number>>;
  /** The deal that counts down or runs; null when there is none. */
  deal: Deal | null;
  chat: readonly ChatLine[];
  pinnedLine: ChatLine | null;
  /** Markets that take no orders now. */
  closed: readonly string[];
  speaking: Speaking;
}

interface Bodies {
  pin: Pin;
  unpin: { product: string };
  stock: { variant: string; left: number };
  chat: ChatLine;
  hide: { id: string };
  fold: { id: string; voices: number };
  pinned_line: { line: ChatLine | null };
  speaking: Speaking;
  likes: { likes: number };
  viewers: { viewers: number };
  state: { state: State; has_picture: boolean; has_replay: boolean };
  bought: { market: string; units: number };
  deal: Deal;
  left: { deal: string; variant: string; left: number };
  coupon: { coupon: string; left: number };
  market: { market: string; is_closed: boolean };
  snapshot: { seq: number };
}

export type Event = { [Kind in keyof Bodies]: { era: string; seq: number; kind: Kind; body: Bodies[Kind] } }[keyof Bodies];

/** What `GET /live/{show}/state` answers. */
export interface Snapshot {
  seq: string;
  state: State;
  has_picture?: boolean;
  has_replay?: boolean;
  viewers: number;
  likes: number;
  pin: Pin | null;
  stock: Record<string, number>;
  deal?: Deal | null;
  chat: ChatLine[];
  pinned_line?: ChatLine | null;
  speaking?: Speaking;
  closed?: string[];
}

/** What an event came to: the new room, or that it must be asked for whole. */
export type Outcome = { room: Room; changed: boolean } | "snapshot";

export const KEPT_LINES = 50;

const FREE: Speaking = { slow_seconds: 0, has_links: false, who: "everyone" };

export const EMPTY: Room = {
  era: "",
  seq: 0,
  state: "planned",
  hasPicture: false,
  hasReplay: false,
  viewers: 0,
  likes: 0,
  pin: null,
  stock: {},
  deal: null,
  chat: [],
  pinnedLine: null,
  closed: [],
  speaking: FREE,
};

/** `K3XQ-17` is event 17 of the feed's life K3XQ. */
export function place(id: string): { era: string; seq: number } {
  const cut = id.lastIndexOf("-");
  const seq = Number(id.slice(cut + 1));
  return { era: id.slice(0, Math.max(0, cut)), seq: Number.isSafeInteger(seq) ? seq : 0 };
}

export function fromSnapshot(snapshot: Snapshot): Room {
  return {
    ...place(snapshot.seq),
    state: snapshot.state,
    hasPicture: snapshot.has_picture ?? snapshot.state === "live",
    hasReplay: snapshot.has_replay ?? false,
    viewers: snapshot.viewers,
    likes: snapshot.likes,
    pin: snapshot.pin,
    stock: snapshot.stock,
    deal: snapshot.deal ?? null,
    chat: snapshot.chat.slice(-KEPT_LINES),
    pinnedLine: snapshot.pinned_line ?? null,
    closed: snapshot.closed ?? [],
    speaking: snapshot.speaking ?? FREE,
  };
}

/** Applies one event. One that is known already changes nothing; another life of the feed asks for the whole.
 *  Numbers may jump: of counts, only the last of a tick is sent. What was lost, the server says by `snapshot`. */
export function apply(room: Room, event: Event): Outcome {
  if (event.kind === "snapshot" || event.era !== room.era) return "snapshot";
  if (event.seq <= room.seq) return { room, changed: false };
  return { room: { ...step(room, event), seq: event.seq }, changed: true };
}

function step(room: Room, event: Exclude<Event, { kind: "snapshot" }>): Room {
  switch (event.kind) {
    case "pin":
      return { ...room, pin: event.body };
    case "unpin":
      return { ...room, pin: null };
    case "stock":
      return { ...room, stock: { ...room.stock, [event.body.variant]: event.body.left } };
    case "market": {
      const others = room.closed.filter((one) => one !== event.body.market);
      return { ...room, closed: event.body.is_closed ? [...others, event.body.market] : others };
    }
    case "likes":
      return { ...room, likes: Math.max(room.likes, event.body.likes) };
    case "viewers":
      return { ...room, viewers: event.body.viewers };
    case "state":
      return { ...room, state: event.body.state, hasPicture: event.body.has_picture, hasReplay: event.body.has_replay };
    case "chat":
      return { ...room, chat: added(room.chat, event.body) };
    case "deal":
      return { ...room, deal: dealAfter(room.deal, event.body) };
    case "left":
      return { ...room, deal: room.deal && leftAfter(room.deal, event.body) };
    case "bought":
      return { ...room, chat: added(room.chat, boughtLine(event)) };
    case "hide":
      return { ...room, chat: room.chat.map((line) => (line.id === event.body.id ? { ...line, hidden: true, text: "" } : line)) };
    case "fold":
      return { ...room, chat: room.chat.map((line) => (line.id === event.body.id ? { ...line, voices: event.body.voices } : line)) };
    case "pinned_line":
      return { ...room, pinnedLine: event.body.line };
    case "speaking":
      return { ...room, speaking: event.body };
    default:
      return room;
  }
}

/** The end of another deal than the one that runs ends nothing. */
function dealAfter(now: Deal | null, told: Deal): Deal | null {
  if (told.phase !== "over" && told.phase !== "planned") return told;
  return now && now.deal !== told.deal ? now : null;
}

function leftAfter(deal: Deal, told: Bodies["left"]): Deal {
  if (told.deal !== deal.deal) return deal;
  const lanes = deal.lanes.map((lane) => (lane.variant === told.variant ? { ...lane, left: told.left } : lane));
  return { ...deal, lanes };
}

function boughtLine(event: { era: string; seq: number; body: Bodies["bought"] }): ChatLine {
  const { market, units } = event.body;
  return { id: `${event.era}-${event.seq}`, kind: "bought", name: "", text: "", language: "", market, units };
}

/** A line in its place by number; one that is there already is as it is told now: shown again after it was hidden. */
function added(lines: readonly ChatLine[], line: ChatLine): readonly ChatLine[] {
  if (lines.some((one) => one.id === line.id)) return lines.map((one) => (one.id === line.id ? line : one));
  const later = lines.findIndex((one) => one.number !== undefined && line.number !== undefined && one.number > line.number);
  const place = later < 0 ? lines.length : later;
  return [...lines.slice(0, place), line, ...lines.slice(place)].slice(-KEPT_LINES);
}

/** Reads one frame of the feed; null for what cannot be read. A newer server may say more than this page knows. */
export function read(kind: string, id: string, data: string): Event | null {
  const { era, seq } = place(id);
  if (!era) return null;
  try {
    return { era, seq, kind, body: JSON.parse(data) } as Event;
  } catch {
    return null;
  }
}

/** Milliseconds to wait before the nth try to reach the feed again. */
export function pause(tries: number, chance: number): number {
  return Math.min(30_000, 1_000 * 2 ** Math.min(tries, 5)) * (0.5 + chance / 2);
}

/** The number to show next on the way to the true one: never under it, and there in the end. */
export function glided(shown: number, left: number): number {
  const next = shown - (shown - left) * 0.12;
  return next - left < 0.4 ? left : next;
}

/** The direction of a message: that of its first strong letter. */
export function directionOf(text: string): "ltr" | "rtl" | "auto" {
  const strong = /[\p{L}]/u.exec(text)?.[0];
  if (!strong) return "auto";
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(strong) ? "rtl" : "ltr";
}

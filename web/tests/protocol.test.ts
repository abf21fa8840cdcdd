// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { apply, directionOf, fromSnapshot, KEPT_LINES, pause, place, read, type ChatLine, type Event, type Room } from "../src/room/protocol.js";

const line = (id: string): ChatLine => ({ id, kind: "viewer", name: "Omar", text: `says ${id}`, language: "en" });
const room: Room = fromSnapshot({
  seq: "K3-10",
  state: "live",
  viewers: 7,
  likes: 40,
  pin: { product: "pot", at: "2026-11-22T18:00:00Z" },
  stock: { small: 9 },
  chat: [line("a")],
});

function event(kind: string, seq: number, body: object, era = "K3"): Event {
  return read(kind, `${era}-${seq}`, JSON.stringify(body))!;
}

function after(...events: Event[]): Room {
  return events.reduce((now, one) => {
    const outcome = apply(now, one);
    if (outcome === "snapshot") throw new Error("asked for the whole");
    return outcome.room;
  }, room);
}

describe("events", () => {
  test("a pin replaces the pin, an unpin clears it", () => {
    expect(after(event("pin", 11, { product: "vase", at: "x" })).pin?.product).toBe("vase");
    expect(after(event("unpin", 11, { product: "pot" })).pin).toBeNull();
  });

  test("stock changes one variant and leaves the others", () => {
    expect(after(event("stock", 11, { variant: "large", left: 3 })).stock).toEqual({ small: 9, large: 3 });
  });

  test("a market closes once and opens again", () => {
    const closed = (market: string, is_closed: boolean, seq: number): Event => event("market", seq, { market, is_closed });
    expect(after(closed("FR", true, 11), closed("FR", true, 12), closed("US", true, 13)).closed).toEqual(["FR", "US"]);
    expect(after(closed("FR", true, 11), closed("FR", false, 12)).closed).toEqual([]);
  });

  test("counts take the latest, likes never fall", () => {
    expect(after(event("viewers", 11, { viewers: 3 })).viewers).toBe(3);
    expect(after(event("likes", 11, { likes: 12 })).likes).toBe(40);
  });

  test("chat grows at the end and keeps the last lines only", () => {
    const many = Array.from({ length: 80 }, (_, n) => event("chat", 11 + n, line(`l${n}`)));
    const lines = after(...many).chat;

    expect(lines).toHaveLength(KEPT_LINES);
    expect(lines.at(-1)?.id).toBe("l79");
  });

  test("a hidden line keeps its place and loses its words", () => {
    expect(after(event("hide", 11, { id: "a" })).chat[0]).toMatchObject({ id: "a", hidden: true, text: "" });
  });

  test("lines stand by their numbers, whatever order they come in", () => {
    const numbered = (id: string, number: number) => ({ ...line(id), number });
    const lines = after(event("chat", 11, numbered("n5", 5)), event("chat", 12, numbered("n9", 9)), event("chat", 13, numbered("n7", 7))).chat;

    expect(lines.map((one) => one.id)).toEqual(["a", "n5", "n7", "n9"]);
  });

  test("a line that was hidden comes back to its place", () => {
    const numbered = (id: string, number: number) => ({ ...line(id), number });
    const lines = after(
      event("chat", 11, numbered("n5", 5)),
      event("chat", 12, numbered("n9", 9)),
      event("hide", 13, { id: "n5" }),
      event("chat", 14, numbered("n5", 5)),
    ).chat;

    expect(lines.map((one) => one.text)).toEqual(["says a", "says n5", "says n9"]);
  });

  test("voices are counted in their line, and one that is gone changes nothing", () => {
    const now = after(event("fold", 11, { id: "a", voices: 14 }), event("fold", 12, { id: "gone", voices: 2 }));

    expect(now.chat).toMatchObject([{ id: "a", voices: 14 }]);
  });

  test("what is pinned and what the room allows are as told last", () => {
    const now = after(event("pinned_line", 11, { line: line("p") }), event("speaking", 12, { slow_seconds: 10, has_links: false, who: "known" }));

    expect(now.pinnedLine?.id).toBe("p");
    expect(now.speaking).toEqual({ slow_seconds: 10, has_links: false, who: "known" });
    expect(after(event("pinned_line", 11, { line: null })).pinnedLine).toBeNull();
  });

  test("who bought comes as a place and a number, never a name", () => {
    expect(after(event("bought", 11, { market: "FR", units: 2 })).chat.at(-1)).toMatchObject({ kind: "bought", market: "FR", units: 2, name: "" });
  });

  test("the show's end is told", () => {
    expect(after(event("state", 11, { state: "ended", has_picture: false, has_replay: true }))).toMatchObject({ state: "ended", hasReplay: true });
  });
});

describe("order", () => {
  test("what is known already changes nothing, twice", () => {
    expect(apply(room, event("viewers", 10, { viewers: 99 }))).toEqual({ room, changed: false });
    expect(apply(room, event("viewers", 3, { viewers: 99 }))).toEqual({ room, changed: false });
  });

  test("numbers may jump: counts are sent once a tick", () => {
    expect(after(event("viewers", 15, { viewers: 4 })).seq).toBe(15);
  });

  test("another life of the feed, or the server's word, asks for the whole", () => {
    expect(apply(room, event("viewers", 1, { viewers: 1 }, "Z9"))).toBe("snapshot");
    expect(apply(room, event("snapshot", 50, { seq: 50 }))).toBe("snapshot");
  });

  test("a kind this page does not know moves the number and nothing else", () => {
    expect(after(event("confetti", 11, {}))).toEqual({ ...room, seq: 11 });
  });

  test("the same line never stands twice", () => {
    expect(after(event("chat", 11, line("a"))).chat).toHaveLength(1);
  });
});

test("what cannot be read is passed over", () => {
  expect(read("chat", "K3-11", "{")).toBeNull();
  expect(read("chat", "", "{}")).toBeNull();
  expect(place("K3-17")).toEqual({ era: "K3", seq: 17 });
});

test("pauses grow, and not all at the same moment", () => {
  expect(pause(0, 0)).toBe(500);
  expect(pause(3, 1)).toBe(8_000);
  expect(pause(40, 1)).toBe(30_000);
});

test("a message's direction is its own", () => {
  expect(directionOf("It looks calm")).toBe("ltr");
  expect(directionOf("ما أجمله")).toBe("rtl");
  expect(directionOf("12, عمر")).toBe("rtl");
  expect(directionOf("!!")).toBe("auto");
});

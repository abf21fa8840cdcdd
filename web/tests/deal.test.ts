// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { keyFor, told, waitMs } from "../src/room/claiming.js";
import { apply, fromSnapshot, glided, read, type Deal, type Event, type Room } from "../src/room/protocol.js";

const DEAL: Deal = {
  deal: "d1",
  phase: "counting",
  starts_at: "2026-11-22T18:00:10Z",
  ends_at: "2026-11-22T18:05:10Z",
  why: "",
  lanes: [
    { variant: "pot", product: "set", units: 200, left: 200, waiting: 0 },
    { variant: "cup", product: "set", units: 20, left: 20, waiting: 0 },
  ],
};
const room: Room = fromSnapshot({ seq: "K3-10", state: "live", viewers: 7, likes: 0, pin: null, stock: { pot: 9 }, chat: [] });

function after(start: Room, ...events: [string, object][]): Room {
  return events.reduce((now, [kind, body], step) => {
    const outcome = apply(now, read(kind, `K3-${now.seq + step + 1}`, JSON.stringify(body)) as Event);
    if (outcome === "snapshot") throw new Error("asked for the whole");
    return outcome.room;
  }, start);
}

describe("a deal in the room", () => {
  test("it comes with the snapshot or with its event, and an old server's snapshot has none", () => {
    expect(room.deal).toBeNull();
    expect(fromSnapshot({ seq: "K3-1", state: "live", viewers: 0, likes: 0, pin: null, stock: {}, chat: [], deal: DEAL }).deal?.deal).toBe("d1");
    expect(after(room, ["deal", DEAL]).deal?.phase).toBe("counting");
  });

  test("what is left falls in one lane alone, and the shop's own stock is another number", () => {
    const now = after(room, ["deal", DEAL], ["left", { deal: "d1", variant: "pot", left: 23 }]);
    expect(now.deal?.lanes.map((lane) => lane.left)).toEqual([23, 20]);
    expect(now.stock).toEqual({ pot: 9 });
  });

  test("another deal's numbers change nothing, nor do numbers without a deal", () => {
    expect(after(room, ["deal", DEAL], ["left", { deal: "d0", variant: "pot", left: 1 }]).deal?.lanes[0]?.left).toBe(200);
    expect(after(room, ["left", { deal: "d1", variant: "pot", left: 1 }]).deal).toBeNull();
  });

  test("its end takes it away; the end of another does not", () => {
    expect(after(room, ["deal", DEAL], ["deal", { ...DEAL, phase: "over", why: "sold_out" }]).deal).toBeNull();
    expect(after(room, ["deal", DEAL], ["deal", { ...DEAL, deal: "d0", phase: "over" }]).deal?.deal).toBe("d1");
  });
});

describe("the number falls", () => {
  test("never under the truth, never up, and it arrives", () => {
    let shown = 200;
    let steps = 0;
    while (shown !== 23) {
      const next = glided(shown, 23);
      expect(next).toBeLessThan(shown);
      expect(next).toBeGreaterThanOrEqual(23);
      shown = next;
      steps += 1;
    }
    expect(steps).toBeLessThan(70); // about a second of pictures
    expect(steps).toBeGreaterThan(10); // and not one jump
  });
});

describe("a claim's answer", () => {
  test("a unit, a place, or none of them", () => {
    expect(told(201, { outcome: "granted", claim: "12-17", left: 483 })).toEqual({ kind: "granted", claim: "12-17", left: 483 });
    expect(told(202, { outcome: "waiting", claim: "12-612", place: 112 })).toEqual({ kind: "waiting", claim: "12-612", place: 112 });
    expect(told(409, { outcome: "sold_out", number: 613 }).kind).toBe("sold_out");
    expect(told(409, { outcome: "over_limit" }).kind).toBe("over_limit");
    expect(told(409, { outcome: "not_running" }).kind).toBe("not_running");
  });

  test("a full queue and an unknown fate are asked about again", () => {
    expect(told(503, { outcome: "busy", place: 2001 })).toEqual({ kind: "busy", place: 2001 });
    expect(told(503, { code: "deals.not_known_yet" }).kind).toBe("busy");
    expect(told(502, null).kind).toBe("busy");
    expect(told(429, { code: "request.too_many" }).kind).toBe("busy");
  });

  test("what nobody understands is a refusal, never a grant", () => {
    expect(told(201, {}).kind).toBe("refused");
    expect(told(200, "<html>").kind).toBe("refused");
    expect(told(409, { outcome: "key_reused" }).kind).toBe("refused");
    expect(told(409, { code: "quotes.not_sold_here" }).kind).toBe("refused");
  });

  test("tries again further and further apart, eight seconds at most, and not all at once", () => {
    expect(waitMs(0, 0.5)).toBe(1000);
    expect(waitMs(2, 0.5)).toBe(4000);
    expect(waitMs(30, 1)).toBe(10_000);
    expect(waitMs(0, 0)).not.toBe(waitMs(0, 1));
  });
});

describe("a claim's key", () => {
  test("stays until it was answered, then the next press is another claim", () => {
    const first = keyFor.press("d1", "pot");
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(keyFor.press("d1", "pot")).toBe(first);
    expect(keyFor.press("d1", "cup")).not.toBe(first);
    keyFor.answered("d1", "pot");
    expect(keyFor.press("d1", "pot")).not.toBe(first);
  });
});

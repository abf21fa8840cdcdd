// SPDX-License-Identifier: Apache-2.0
// A claim's key and its answers. Pure but for the browser's own short memory.

export type Told =
  | { kind: "granted"; claim: string; left: number }
  | { kind: "waiting"; claim: string; place: number }
  | { kind: "sold_out" | "over_limit" | "not_running" | "closed" | "refused" | "lost"; place?: undefined }
  | { kind: "busy"; place: number };

/** What an answer says. A queue that is full and a fate that nobody knows are asked about again: `busy`. */
export function told(status: number, body: unknown): Told {
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const claim = typeof said["claim"] === "string" ? said["claim"] : "";
  if (status === 201 && claim) return { kind: "granted", claim, left: Number(said["left"] ?? 0) };
  if (status === 202 && claim) return { kind: "waiting", claim, place: Number(said["place"] ?? 0) };
  if (status >= 500 || status === 429) return { kind: "busy", place: Number(said["place"] ?? 0) };
  switch (said["outcome"]) {
    case "sold_out":
    case "over_limit":
    case "not_running":
    case "closed":
      return { kind: said["outcome"] };
    default:
      return { kind: "refused" };
  }
}

/** Milliseconds before the nth try again: a second at first, never more than eight, never all at once. */
export function waitMs(tries: number, chance: number): number {
  return Math.min(8000, 1000 * 2 ** tries) * (0.75 + chance / 2);
}

const memory = new Map<string, string>();

function read(name: string): string {
  try {
    return sessionStorage.getItem(name) ?? memory.get(name) ?? "";
  } catch {
    return memory.get(name) ?? "";
  }
}

function write(name: string, value: string): void {
  memory.set(name, value);
  try {
    if (value) sessionStorage.setItem(name, value);
    else sessionStorage.removeItem(name);
  } catch {
    // a browser that keeps nothing: the page's own memory has it
  }
}

export const keyFor = {
  /** The key of a press: a new one, unless the last one was never answered. */
  press(deal: string, variant: string): string {
    const name = `claim:${deal}:${variant}`;
    const kept = read(name);
    if (kept) return kept;
    const made = [...crypto.getRandomValues(new Uint8Array(16))].map((octet) => octet.toString(16).padStart(2, "0")).join("");
    write(name, made);
    return made;
  },
  answered(deal: string, variant: string): void {
    write(`claim:${deal}:${variant}`, "");
  },
  /** This browser has one of the deal, or waits for one. */
  has(deal: string): void {
    write(`had:${deal}`, "yes");
  },
  isKnown(deal: string): boolean {
    return read(`had:${deal}`) !== "";
  },
};

// SPDX-License-Identifier: Apache-2.0
// <sc-live-desk data-events data-parts>: the desk during a show. Every [data-part] is drawn by the server; an event
// of the show only says which of them to fetch anew. Keys: J K choose, P pins or unpins, D opens the deal, R answers.

import { clock } from "../figures.js";
import { draw, toast } from "../page.js";
import { _ } from "../words.js";

/** Which parts an event changes. */
export const CHANGES: Record<string, readonly string[]> = {
  pin: ["run"],
  unpin: ["run"],
  stock: ["run"],
  chat: ["chat"],
  hide: ["chat", "held"],
  fold: ["chat"],
  pinned_line: ["chat"],
  speaking: ["keeping"],
  bans: ["keeping", "chat", "held"],
  held: ["held"],
  viewers: ["numbers", "health"],
  order: ["numbers", "run", "deal"],
  deal: ["deal", "run"],
  left: ["deal"],
  claims: ["deal"],
  coupon: ["deal"],
  bought: [],
  likes: [],
  state: ["air", "film", "numbers", "health", "run"],
  snapshot: ["air", "film", "run", "deal", "chat", "held", "keeping", "numbers", "health"],
};
const PAUSE_MS = 400;
const EVERY_MS = 5000;

/** A menu is open or something is being typed or chosen in it: it is drawn again afterwards. */
function isBusy(place: HTMLElement): boolean {
  const active = document.activeElement;
  if (place.querySelector("details[open]")) return true;
  return active !== null && place.contains(active) && active.matches("input:not([type=checkbox]), select, textarea");
}

export class LiveDesk extends HTMLElement {
  private source: EventSource | null = null;
  private readonly waiting = new Set<string>();
  private timer = 0;
  private clocks = 0;

  connectedCallback(): void {
    this.listen();
    this.addEventListener("submit", (event) => void this.send(event));
    this.addEventListener("click", (event) => this.reply(event));
    this.addEventListener("click", (event) => this.launcher(event));
    this.addEventListener("change", (event) => void this.reprice(event));
    this.addEventListener("sc:over", () => this.want(["deal"]));
    document.addEventListener("keydown", this.key);
    this.clocks = window.setInterval(() => this.tick(), 1000);
    window.setInterval(() => this.want(this.changing()), EVERY_MS);
    window.addEventListener("pagehide", () => this.source?.close());
    this.toEnd();
  }

  private listen(): void {
    const source = new EventSource(this.dataset["events"] ?? "");
    this.source = source;
    for (const kind of Object.keys(CHANGES)) source.addEventListener(kind, () => this.want(CHANGES[kind] ?? []));
    source.addEventListener("error", () => {
      // the browser comes back by itself, unless the answer was an error: the house is away for a moment
      if (source.readyState === EventSource.CLOSED && this.isConnected) window.setTimeout(() => this.listen(), EVERY_MS);
    });
  }

  disconnectedCallback(): void {
    this.source?.close();
    clearInterval(this.clocks);
    document.removeEventListener("keydown", this.key);
  }

  /** What changes without an event. The film only until there is one: a player that plays is left alone. */
  private changing(): readonly string[] {
    return this.querySelector(".live-film.none") ? ["health", "numbers", "film"] : ["health", "numbers"];
  }

  private want(parts: readonly string[]): void {
    for (const part of parts) this.waiting.add(part);
    if (!this.timer && this.waiting.size) this.timer = window.setTimeout(() => void this.fetchParts(), PAUSE_MS);
  }

  private async fetchParts(): Promise<void> {
    const parts = [...this.waiting];
    this.waiting.clear();
    this.timer = 0;
    await Promise.all(parts.map((part) => this.fetchPart(part)));
  }

  private async fetchPart(part: string): Promise<void> {
    const place = this.querySelector<HTMLElement>(`[data-part="${part}"]`);
    if (!place) return;
    if (isBusy(place)) return this.want([part]);
    const answer = await fetch(`${this.dataset["parts"] ?? ""}${part}`, { headers: { "X-Fragment": "1" } }).catch(() => null);
    if (!answer?.ok) return;
    const wasAtEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 60;
    const html = await answer.text();
    if (isBusy(place)) return this.want([part]);
    const chosen = this.items().indexOf(document.activeElement as HTMLElement);
    const open = this.querySelector<HTMLElement>("[data-launch]");
    const keep = keeper(place);
    const drawn = draw(html);
    // a film that plays is left to play
    if (part === "film" && place.querySelector("sc-player") && drawn.querySelector("sc-player")) return;
    const key = place.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["key"] : undefined;
    place.replaceChildren(drawn);
    if (part === "run" && open) this.put(open);
    keep();
    if (key) place.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
    if (part === "chat" && wasAtEnd) this.toEnd();
    if (part === "run" && chosen >= 0) this.items()[chosen]?.focus();
  }

  private async send(event: SubmitEvent): Promise<void> {
    const form = event.target as HTMLFormElement;
    if (form.hasAttribute("data-launch")) return this.launch(form, event);
    if (!form.hasAttribute("data-quiet")) return;
    event.preventDefault();
    event.stopPropagation();
    const body = new URLSearchParams([...new FormData(form, event.submitter)].map(([name, value]) => [name, String(value)]));
    const headers = { "X-Fragment": "1", Accept: "application/json" };
    const answer = await fetch(form.action, { method: "POST", body, headers }).catch(() => null);
    if (answer?.headers.get("content-type")?.startsWith("text/plain") && !answer.ok) toast(await answer.text());
    else await this.tell(answer);
    if (!answer?.ok) return;
    form.reset();
    form.closest("details.ban")?.removeAttribute("open");
    (document.activeElement as HTMLElement | null)?.closest("[data-part=keeping]") && (document.activeElement as HTMLElement).blur();
    for (const asked of this.querySelectorAll<HTMLDetailsElement>("details.ask[open]")) asked.open = false;
    this.want(["air", "numbers", "run", "deal", "chat", "held", "keeping"]);
  }

  /** What the house says to a deed: why not, or a page's piece to be seen once, like a moderator's link. */
  private async tell(answer: Response | null): Promise<void> {
    const refused = this.querySelector("[data-refused]");
    if (!answer) return;
    if (!answer.ok) {
      const told = (await answer.json().catch(() => null)) as { words?: string; title?: string } | null;
      if (refused) refused.textContent = told?.words ?? told?.title ?? _("This was not done.");
      return;
    }
    if (refused) refused.textContent = "";
    if (answer.status === 200) this.querySelector("[data-answer]")?.replaceChildren(draw(await answer.text()));
  }

  /** The launcher opens inside its item; pressed again, it goes. */
  private launcher(event: Event): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-deal]");
    if (!link || (event as MouseEvent).ctrlKey || (event as MouseEvent).metaKey) return;
    event.preventDefault();
    const open = this.querySelector("[data-launch]");
    open?.remove();
    if (open?.querySelector<HTMLInputElement>("[name=product]")?.value === link.closest<HTMLElement>("[data-item]")?.dataset["product"]) return;
    void this.fetchLauncher(link.href, true);
  }

  private async fetchLauncher(address: string, focus: boolean): Promise<void> {
    const answer = await fetch(address, { headers: { "X-Fragment": "1" } }).catch(() => null);
    if (answer?.ok) this.put(draw(await answer.text()).querySelector<HTMLElement>("[data-launch]")!, focus);
  }

  private put(launcher: HTMLElement, focus = false): void {
    const named = document.activeElement?.getAttribute("name");
    this.querySelector("[data-launch]")?.remove();
    const product = launcher.querySelector<HTMLInputElement>("[name=product]")?.value ?? "";
    this.querySelector(`[data-item][data-product="${CSS.escape(product)}"]`)?.append(launcher);
    const field = focus ? "off" : named && launcher.querySelector(`[name="${CSS.escape(named)}"]`) ? named : "";
    if (field) launcher.querySelector<HTMLElement>(`[name="${CSS.escape(field)}"]`)?.focus();
  }

  /** Another price or percentage: the server works the full prices out again. */
  private async reprice(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const form = input.closest<HTMLFormElement>("[data-launch]");
    if (!form || !(input.name.startsWith("price-") || input.name === "off")) return;
    const url = new URL(form.dataset["refresh"] ?? "", location.href);
    for (const [name, value] of new FormData(form)) url.searchParams.set(name, String(value));
    if (input.hasAttribute("data-fresh")) url.searchParams.set("fresh", "1");
    await this.fetchLauncher(url.href, false);
  }

  private async launch(form: HTMLFormElement, event: SubmitEvent): Promise<void> {
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    if (button?.getAttribute("aria-busy") === "true") return;
    button?.setAttribute("aria-busy", "true");
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Fragment": "1" } }).catch(() => null);
    button?.removeAttribute("aria-busy");
    if (answer?.ok) form.remove();
    else if (answer?.status === 422) this.put(draw(await answer.text()).querySelector<HTMLElement>("[data-launch]")!);
    this.want(["deal", "run"]);
  }

  private reply(event: Event): void {
    const name = (event.target as Element).closest<HTMLElement>("[data-reply]")?.dataset["reply"];
    if (name === undefined) return;
    const field = this.field();
    field.value = `${name}: `;
    field.focus();
  }

  private readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).matches("input, textarea, select")) return;
    const items = this.items();
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === "j") items[Math.min(at + 1, items.length - 1)]?.focus();
    else if (event.key === "k") items[Math.max(at - 1, 0)]?.focus();
    else if (event.key === "p") (items[at] ?? items.find((one) => one.dataset["pinned"]))?.querySelector<HTMLButtonElement>("form[data-quiet] button")?.click();
    else if (event.key === "d") (items[at] ?? items.find((one) => one.dataset["pinned"]))?.querySelector<HTMLAnchorElement>("a[data-deal]")?.click();
    else if (event.key === "r") this.field().focus();
    else return;
    event.preventDefault();
  };

  private items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[data-item]")];
  }

  private field(): HTMLInputElement {
    return this.querySelector<HTMLInputElement>("#text")!;
  }

  private toEnd(): void {
    const lines = this.querySelector("[data-end]");
    if (lines) lines.scrollTop = lines.scrollHeight;
  }

  private tick(): void {
    const place = this.querySelector<HTMLElement>("[data-running]");
    if (!place) return;
    const seconds = Number(place.dataset["running"]) + 1;
    place.dataset["running"] = String(seconds);
    place.textContent = clock(seconds);
  }
}

/** What somebody opened or types in a part stays when the part is drawn anew. */
function keeper(place: HTMLElement): () => void {
  const open = [...place.querySelectorAll("details")].map((one) => one.open);
  const typed = document.activeElement instanceof HTMLInputElement && place.contains(document.activeElement) ? document.activeElement : null;
  return () => {
    place.querySelectorAll("details").forEach((one, at) => (one.open = open[at] ?? false));
    if (!typed || typed.isConnected) return;
    const again = place.querySelector<HTMLInputElement>(`input[name="${CSS.escape(typed.name)}"]`);
    if (!again) return;
    again.value = typed.value;
    again.focus();
  };
}

// SPDX-License-Identifier: Apache-2.0
// <sc-chat>: the lines as they come, and what this viewer says. Nothing anybody wrote is ever put in as markup.

import { count } from "../figures.js";
import { post, toast } from "../page.js";
import { _, ngettext } from "../words.js";
import { directionOf, type ChatLine, type Speaking } from "./protocol.js";
import { Pace } from "./pace.js";
import { Translating } from "./translating.js";

/** What the house says to a line: the line as it was taken, or why not. */
interface Told extends ChatLine {
  state?: "shown" | "folded";
  words?: string;
  facts?: { retry_seconds?: number };
  /** What the line ordered, where it was an order. */
  claims?: { variant: string; outcome: string; claim?: string }[];
  which?: string[];
  claim_refused?: string;
}

const ALOUD_EVERY_MS = 5000;
const KEPT = 80;

export class Chat extends HTMLElement {
  private isPaused = false;
  private held: ChatLine[] = [];
  private spokenAt = 0;
  private pace: Pace | null = null;
  private translating: Translating | null = null;
  private places = new Intl.DisplayNames([document.documentElement.lang], { type: "region", style: "short" });

  connectedCallback(): void {
    this.querySelector("[data-pause]")?.addEventListener("click", (event) => this.togglePause(event.currentTarget as Element));
    this.querySelector("[data-aloud]")?.addEventListener("click", (event) => this.toggleAloud(event.currentTarget as Element));
    const form = document.querySelector<HTMLFormElement>(".say");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.say(form);
    });
    if (form) this.pace = new Pace(form, "known" in this.dataset, Number(this.dataset["slow"] ?? 0), this.dataset["who"] ?? "everyone");
    this.translating = new Translating(this, this.dataset["say"] ?? "");
    for (const line of this.lines.querySelectorAll<HTMLElement>("[data-id]")) this.translating.attach(line);
    this.toEnd();
  }

  private get lines(): HTMLElement {
    return this.querySelector<HTMLElement>(".lines")!;
  }

  /** All lines anew, after a gap. */
  showAll(lines: readonly ChatLine[]): void {
    const sending = [...this.lines.querySelectorAll(".sending")];
    this.lines.replaceChildren(...lines.map((line) => this.drawn(line)), ...sending);
    this.toEnd();
  }

  add(line: ChatLine): void {
    if (this.isPaused) {
      this.held.push(line);
      return;
    }
    const there = this.lineOf(line.id);
    if (there && !this.standsAs(there, line)) return there.replaceWith(this.drawn(line));
    if (there) return this.fold(line.id, line.voices ?? 1);
    const atEnd = this.isAtEnd();
    this.lines.insertBefore(this.drawn(line), this.firstAfter(line));
    while (this.lines.childElementCount > KEPT) this.lines.firstElementChild?.remove();
    if (atEnd) this.toEnd();
    this.speak(line);
  }

  /** The same was said by more people: the line counts them, and stays where it is. */
  fold(id: string, voices: number): void {
    this.held = this.held.map((line) => (line.id === id ? { ...line, voices } : line));
    const place = this.lineOf(id)?.querySelector<HTMLElement>(".voices");
    if (place) this.count(place, voices);
  }

  /** The line that the host pinned over the chat, or none. */
  note(line: ChatLine | null): void {
    const place = this.querySelector<HTMLElement>("[data-note]");
    if (!place) return;
    place.hidden = !line;
    place.querySelector(".name")!.textContent = line?.name ?? "";
    const said = place.querySelector<HTMLElement>(".said")!;
    said.textContent = line?.text ?? "";
    said.dir = directionOf(line?.text ?? "");
  }

  allow(speaking: Speaking): void {
    this.pace?.allow(speaking.slow_seconds, speaking.who);
  }

  hide(id: string): void {
    this.held = this.held.filter((line) => line.id !== id);
    const line = this.lineOf(id);
    if (!line) return;
    line.className = "chat-line hidden";
    line.textContent = _("This line was hidden by the host");
  }

  /** The same line stands there already, perhaps with its translation open or under somebody's finger. */
  private standsAs(there: HTMLElement, line: ChatLine): boolean {
    return !line.hidden && !there.classList.contains("hidden") && there.dataset["number"] === String(line.number);
  }

  private lineOf(id: string): HTMLElement | null {
    return this.lines.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
  }

  /** The first line on the page that comes after this one by number. */
  private firstAfter(line: ChatLine): Element | null {
    if (line.number === undefined) return null;
    const number = line.number;
    return [...this.lines.querySelectorAll<HTMLElement>("[data-number]")].find((one) => Number(one.dataset["number"]) > number) ?? null;
  }

  private count(place: HTMLElement, voices: number): void {
    place.hidden = voices < 2;
    const seen = document.createElement("span");
    seen.ariaHidden = "true";
    seen.textContent = `×${count(voices)}`;
    const heard = document.createElement("span");
    heard.className = "seen-by-ear";
    heard.textContent = ngettext("said by %(num)s", "said by %(num)s", voices, { num: count(voices) });
    place.replaceChildren(seen, heard);
  }

  private drawn(line: ChatLine): HTMLElement {
    const isBought = line.kind === "bought";
    const template = this.querySelector<HTMLTemplateElement>(`template[data-line="${isBought ? "bought" : "viewer"}"]`)!;
    const made = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    made.dataset["id"] = line.id;
    if (line.number !== undefined) made.dataset["number"] = String(line.number);
    const said = made.querySelector(".said")!;
    if (line.hidden) {
      made.className = "chat-line hidden";
      made.textContent = _("This line was hidden by the host");
      return made;
    }
    if (isBought) {
      said.textContent = this.bought(line);
      return made;
    }
    said.textContent = line.text;
    made.dir = directionOf(line.text);
    if (line.language && line.language !== document.documentElement.lang) made.lang = line.language;
    made.dataset["language"] = line.language;
    if (line.kind === "host" || line.kind === "moderator") made.classList.add(line.kind);
    const tag = made.querySelector<HTMLElement>(".tag")!;
    tag.textContent = tag.dataset[line.kind] ?? "";
    tag.hidden = !tag.textContent;
    this.count(made.querySelector<HTMLElement>(".voices")!, line.voices ?? 1);
    made.querySelector(".name")!.textContent = line.name;
    const face = made.querySelector(".avatar")!;
    face.textContent = initials(line.name);
    face.classList.add(`c${([...line.name].length % 5) + 1}`);
    this.translating?.attach(made);
    return made;
  }

  private bought(line: ChatLine): string {
    const units = line.units ?? 1;
    const place = this.places.of(line.market ?? "") ?? line.market ?? "";
    return ngettext("Somebody in %(place)s bought one", "Somebody in %(place)s bought %(count)s", units, { place, count: count(units) });
  }

  private async say(form: HTMLFormElement): Promise<void> {
    const input = form.elements.namedItem("text") as HTMLInputElement;
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    const mine = this.drawn({ id: `mine-${Date.now()}`, kind: "viewer", name: _("You"), text, language: "" });
    mine.classList.add("sending");
    this.lines.append(mine);
    this.toEnd();
    await this.send(mine, text);
  }

  /** A line that was an order is a claim: on to the sheet, or to the line, or why not. */
  private ordered(told: Told | null): void {
    const won = told?.claims?.find((one) => one.outcome === "granted") ?? told?.claims?.find((one) => one.outcome === "waiting");
    if (won?.claim) {
      const opener = this.querySelector<HTMLElement>("input[name=text]") ?? document.querySelector<HTMLElement>("input[name=text]");
      document.dispatchEvent(new CustomEvent("sc:open-sheet", { detail: { href: `/claims/${won.claim}`, opener } }));
    } else if (told?.claims?.some((one) => one.outcome === "over_limit")) toast(_("You have as many as one person may have."));
    else if (told?.claims?.some((one) => one.outcome === "closed") || told?.claim_refused === "markets.closed") toast(_("Orders to your country are closed for now. You can watch on."));
    else if (told?.claims?.some((one) => one.outcome === "sold_out")) toast(_("Sold out"));
    else if (told?.which?.length) toast(_("Which one? Say its name, number or colour."));
  }

  private async send(mine: HTMLElement, text: string): Promise<void> {
    const answer = await post(this.dataset["say"] ?? "", { text });
    const told = (await answer?.json().catch(() => null)) as Told | null | undefined;
    this.ordered(told ?? null);
    if (answer?.ok) {
      this.pace?.spoke();
      return this.taken(mine, told ?? null);
    }
    const note = document.createElement("span");
    note.className = "put-over";
    note.setAttribute("role", "status");
    note.textContent = told?.words ?? _("This line was not sent.");
    (mine.querySelector(".words") ?? mine).append(note);
    if (told?.facts?.retry_seconds) this.pace?.wait(told.facts.retry_seconds);
    // what is refused for good is not tried again: a ban, a closed chat, the same said twice
    if (answer && answer.status !== 429 && answer.status < 500) return;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "again";
    again.textContent = _("Try again");
    again.addEventListener("click", () => {
      note.remove();
      void this.send(mine, text);
    });
    note.append(again);
  }

  /** What is taken comes through the feed as well, for us as for everybody: it stands once. */
  private taken(mine: HTMLElement, line: Told | null): void {
    if (!line || line.state === "folded" || this.lineOf(line.id)) return mine.remove();
    mine.replaceWith(this.drawn(line));
  }

  private togglePause(button: Element): void {
    this.isPaused = !this.isPaused;
    button.setAttribute("aria-pressed", String(this.isPaused));
    if (this.isPaused) return;
    const waiting = this.held;
    this.held = [];
    for (const line of waiting) this.add(line);
  }

  private toggleAloud(button: Element): void {
    const isAloud = this.lines.getAttribute("aria-live") === "off";
    button.setAttribute("aria-pressed", String(isAloud));
    // the log itself stays silent: at most one line in five seconds is told, the host's first
    this.lines.toggleAttribute("data-aloud", isAloud);
  }

  private speak(line: ChatLine): void {
    if (!this.lines.hasAttribute("data-aloud") || line.kind === "bought") return;
    const now = Date.now();
    if (line.kind !== "host" && now - this.spokenAt < ALOUD_EVERY_MS) return;
    this.spokenAt = now;
    const told = document.querySelector("[data-told]");
    if (told) told.textContent = `${line.name}: ${line.text}`;
  }

  private isAtEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.lines;
    return scrollHeight - scrollTop - clientHeight < 60;
  }

  private toEnd(): void {
    this.lines.scrollTop = this.lines.scrollHeight;
  }
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0] ?? "", words.length > 1 ? (words.at(-1) ?? "") : ""].map((word) => [...word][0] ?? "");
  return letters.join("").toUpperCase();
}

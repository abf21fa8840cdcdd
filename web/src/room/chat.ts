// SPDX-License-Identifier: Apache-2.0
// <sc-chat>: the lines as they come, and what this viewer says. Nothing anybody wrote is ever put in as markup.

import { count } from "../figures.js";
import { post } from "../page.js";
import { _, ngettext } from "../words.js";
import { directionOf, type ChatLine } from "./protocol.js";

const ALOUD_EVERY_MS = 5000;
const KEPT = 80;

export class Chat extends HTMLElement {
  private isPaused = false;
  private held: ChatLine[] = [];
  private spokenAt = 0;
  private places = new Intl.DisplayNames([document.documentElement.lang], { type: "region", style: "short" });

  connectedCallback(): void {
    this.querySelector("[data-pause]")?.addEventListener("click", (event) => this.togglePause(event.currentTarget as Element));
    this.querySelector("[data-aloud]")?.addEventListener("click", (event) => this.toggleAloud(event.currentTarget as Element));
    const form = document.querySelector<HTMLFormElement>(".say");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.say(form);
    });
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
    if (this.lines.querySelector(`[data-id="${CSS.escape(line.id)}"]`)) return;
    const atEnd = this.isAtEnd();
    this.lines.append(this.drawn(line));
    while (this.lines.childElementCount > KEPT) this.lines.firstElementChild?.remove();
    if (atEnd) this.toEnd();
    this.speak(line);
  }

  hide(id: string): void {
    this.held = this.held.filter((line) => line.id !== id);
    const line = this.lines.querySelector(`[data-id="${CSS.escape(id)}"]`);
    if (!line) return;
    line.className = "chat-line hidden";
    line.textContent = _("This line was hidden by the host");
  }

  private drawn(line: ChatLine): HTMLElement {
    const isBought = line.kind === "bought";
    const template = this.querySelector<HTMLTemplateElement>(`template[data-line="${isBought ? "bought" : "viewer"}"]`)!;
    const made = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    made.dataset["id"] = line.id;
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
    if (line.kind === "host") made.classList.add("host");
    made.querySelector<HTMLElement>(".tag")!.hidden = line.kind !== "host";
    made.querySelector(".name")!.textContent = line.name;
    const face = made.querySelector(".avatar")!;
    face.textContent = initials(line.name);
    face.classList.add(`c${([...line.name].length % 5) + 1}`);
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

  private async send(mine: HTMLElement, text: string): Promise<void> {
    const answer = await post(this.dataset["say"] ?? "", { text });
    if (answer?.ok) return this.taken(mine, (await answer.json().catch(() => null)) as ChatLine | null);
    const note = document.createElement("span");
    note.className = "put-over";
    note.textContent = answer?.status === 429 ? _("Too many lines at once. Wait a little.") : _("This line was not sent.");
    const again = document.createElement("button");
    again.type = "button";
    again.className = "again";
    again.textContent = _("Try again");
    again.addEventListener("click", () => {
      note.remove();
      void this.send(mine, text);
    });
    note.append(again);
    (mine.querySelector(".words") ?? mine).append(note);
  }

  /** What is taken comes through the feed as well, for us as for everybody: it stands once. */
  private taken(mine: HTMLElement, line: ChatLine | null): void {
    if (!line || this.lines.querySelector(`[data-id="${CSS.escape(line.id)}"]`)) return mine.remove();
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

// SPDX-License-Identifier: Apache-2.0
// Lines of the chat in the reader's language: one at a press, or all as they come, the original one press away.

import { post } from "../page.js";
import { _ } from "../words.js";
import { directionOf } from "./protocol.js";
import { isForeign } from "./scripts.js";

interface Made {
  text: string;
  language: string;
  from: string;
  engine: string;
}

const KEPT = "translate-all";
const AT_ONCE = 20;
const MOST_WAITING = 40;
const GATHER_MS = 400;
const REST_MS = 10_000;
const MOST_KNOWN = 200;

export class Translating {
  private reader = document.documentElement.lang || "en";
  private names = new Intl.DisplayNames([this.reader], { type: "language" });
  private known = new Map<string, Made>();
  private waiting: string[] = [];
  private timer = 0;
  private isAsking = false;
  private restsUntil = 0;

  constructor(
    private chat: HTMLElement,
    /** `/live/{show}/chat` */
    private address: string,
  ) {
    const all = this.switch;
    all?.setAttribute("aria-pressed", String(this.isAll));
    all?.addEventListener("click", () => this.toggleAll());
  }

  private get switch(): HTMLElement | null {
    return this.chat.querySelector<HTMLElement>("[data-translate-all]");
  }

  private get isAll(): boolean {
    try {
      return localStorage.getItem(KEPT) === "yes";
    } catch {
      return false; // storage is shut in this browser
    }
  }

  /** A line that was drawn, here or by the server: a button where it is foreign to this reader. */
  attach(line: HTMLElement): void {
    const id = line.dataset["id"] ?? "";
    const said = line.querySelector<HTMLElement>(".said");
    const isOurs = line.matches(".hidden, .bought, .sending") || id.startsWith("mine-");
    if (!id || !said || isOurs || line.querySelector(".translating")) return;
    const original = said.textContent ?? "";
    if (!isForeign(original, line.dataset["language"] ?? line.lang, this.reader)) return;
    said.dataset["original"] = original;
    const tools = document.createElement("span");
    tools.className = "put-over translating";
    tools.lang = this.reader;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "again";
    button.addEventListener("click", () => void this.press(line));
    const note = document.createElement("span");
    note.setAttribute("role", "status");
    // on a phone the chat has no head to keep the switch in
    const all = document.createElement("button");
    all.type = "button";
    all.className = "again all-too";
    all.textContent = _("Translate all");
    all.ariaPressed = String(this.isAll);
    all.addEventListener("click", () => this.toggleAll());
    tools.append(note, button, all);
    (line.querySelector(".words") ?? line).append(tools);
    this.label(line, "original");
    const there = this.known.get(id);
    if (there && this.isAll) this.show(line, there);
    else if (this.isAll) this.want(id);
  }

  private label(line: HTMLElement, now: "original" | "made" | "failed", made?: Made): void {
    const button = line.querySelector<HTMLElement>(".translating button")!;
    const note = line.querySelector<HTMLElement>(".translating [role=status]")!;
    line.dataset["translated"] = now === "made" ? "yes" : "no";
    button.textContent = now === "made" ? _("Show original") : _("Translate");
    const name = line.querySelector(".name")?.textContent ?? "";
    // by ear the lines are apart from their buttons
    const heard = now === "made" ? _("Show original of what %(name)s wrote", { name }) : _("Translate what %(name)s wrote", { name });
    button.setAttribute("aria-label", heard);
    if (now === "failed") note.textContent = _("Not translated now.");
    else note.textContent = made ? this.told(made) : "";
  }

  private told(made: Made): string {
    let language = made.from;
    try {
      language = (made.from && this.names.of(made.from)) || "";
    } catch {
      language = "";
    }
    return language ? _("Translated by machine from %(language)s", { language }) : _("Translated by machine");
  }

  private async press(line: HTMLElement): Promise<void> {
    const id = line.dataset["id"]!;
    if (line.dataset["translated"] === "yes") return this.original(line);
    const there = this.known.get(id);
    if (there) return this.show(line, there);
    const button = line.querySelector<HTMLElement>(".translating button")!;
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    const answer = await post(`${this.address}/${id}/translation`, {});
    button.ariaBusy = "false";
    const made = answer?.ok ? ((await answer.json().catch(() => null)) as Made | null) : null;
    if (!made) return this.label(line, "failed");
    this.keep(id, made);
    this.show(line, made);
  }

  private keep(id: string, made: Made): void {
    this.known.set(id, made);
    if (this.known.size > MOST_KNOWN) this.known.delete(this.known.keys().next().value!);
  }

  private show(line: HTMLElement, made: Made): void {
    this.put(line, made.text, made.language);
    this.label(line, "made", made);
  }

  private original(line: HTMLElement): void {
    const said = line.querySelector<HTMLElement>(".said")!;
    this.put(line, said.dataset["original"] ?? "", "");
    this.label(line, "original");
  }

  private put(line: HTMLElement, text: string, language: string): void {
    const said = line.querySelector<HTMLElement>(".said");
    if (!said) return; // hidden by the host meanwhile
    said.textContent = text;
    line.dir = directionOf(text);
    if (language) said.lang = language;
    else said.removeAttribute("lang");
  }

  private toggleAll(): void {
    const isOn = !this.isAll;
    try {
      localStorage.setItem(KEPT, isOn ? "yes" : "no");
    } catch {
      return;
    }
    for (const one of [this.switch, ...this.chat.querySelectorAll(".all-too")]) one?.setAttribute("aria-pressed", String(isOn));
    this.waiting = [];
    for (const line of this.foreign()) {
      const there = this.known.get(line.dataset["id"]!);
      if (!isOn) this.original(line);
      else if (there) this.show(line, there);
      else this.want(line.dataset["id"]!);
    }
  }

  private foreign(): HTMLElement[] {
    return [...this.chat.querySelectorAll<HTMLElement>(".lines [data-id]:has(.translating)")];
  }

  /** Lines that come together are asked for together; what is more than can be kept up with stays as it is. */
  private want(id: string): void {
    if (Date.now() < this.restsUntil) return;
    this.waiting = [...this.waiting.filter((one) => one !== id), id].slice(-MOST_WAITING);
    if (!this.timer) this.timer = window.setTimeout(() => void this.ask(), GATHER_MS);
  }

  private async ask(): Promise<void> {
    this.timer = 0;
    if (this.isAsking || !this.waiting.length) return;
    this.isAsking = true;
    // the newest first: they are what is being read
    const lines = this.waiting.splice(-AT_ONCE);
    const answer = await post(`${this.address}/translations`, { lines });
    this.isAsking = false;
    if (!answer?.ok) return this.rest(answer);
    const told = (await answer.json().catch(() => null)) as { lines: Record<string, Made> } | null;
    for (const [id, made] of Object.entries(told?.lines ?? {})) {
      this.keep(id, made);
      const line = this.chat.querySelector<HTMLElement>(`.lines [data-id="${CSS.escape(id)}"]:has(.translating)`);
      if (line && this.isAll) this.show(line, made);
    }
    if (this.waiting.length && !this.timer) this.timer = window.setTimeout(() => void this.ask(), GATHER_MS);
  }

  /** The house is busy: originals for a while. */
  private rest(answer: Response | null): void {
    const seconds = Number(answer?.headers.get("Retry-After") ?? 0);
    this.restsUntil = Date.now() + Math.max(seconds * 1000, REST_MS);
    this.waiting = [];
  }
}

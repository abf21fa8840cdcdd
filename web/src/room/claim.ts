// SPDX-License-Identifier: Apache-2.0
// <sc-claim data-deal data-variant>: the button of a flash deal. One press asks once: the key is kept until there is
// an answer, so that asking again after a lost one, or a full queue, is the same claim. The server decides.

import { count } from "../figures.js";
import { toast } from "../page.js";
import { tell } from "../timer.js";
import { _ } from "../words.js";
import { keyFor, type Told, told, waitMs } from "./claiming.js";

const MOST_TRIES = 12;

export class Claim extends HTMLElement {
  private asking = false;
  private orders = false;
  private href = "";
  private state = "";
  private static asked = 0;

  connectedCallback(): void {
    this.addEventListener("submit", (event) => void this.pressed(event));
    if (keyFor.isKnown(this.dataset["deal"] ?? "")) void this.ask();
  }

  /** How many are left now: at none, the button is for the line. */
  left(left: number): void {
    this.dataset["left"] = String(left);
    if (!this.asking) this.write();
  }

  /** The countdown is over. */
  begin(): void {
    delete this.dataset["starts"];
    this.write();
  }

  /** The deal is over: whoever has one can still pay, nobody else can claim. */
  end(): void {
    this.dataset["left"] = "0";
    delete this.dataset["line"];
    if (!this.asking) this.write();
  }

  /** Something was offered to somebody: whoever has or waits for one looks whether it is theirs. */
  static askAll(deal: string, viewers: number): void {
    const claims = [...document.querySelectorAll<Claim>(`sc-claim[data-deal="${CSS.escape(deal)}"]`)];
    if (!claims.some((claim) => claim.state) || !claims[0]) return;
    clearTimeout(Claim.asked);
    Claim.asked = window.setTimeout(() => void claims[0]?.ask(), Math.random() * Math.min(3000, viewers));
  }

  private async pressed(event: Event): Promise<void> {
    // inside a sheet the form is the sheet's: it turns the page itself
    if (this.closest("dialog")) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.asking || this.button.getAttribute("aria-disabled") === "true") return;
    if (this.href) return this.open();
    // one tap orders only where the button said what is owed: not a unit that came while it said "Join the line"
    this.orders = this.label !== "" && this.said === this.label;
    this.asking = true;
    this.say("");
    this.button.setAttribute("aria-busy", "true");
    this.words = this.button.dataset["busy"] ?? "";
    try {
      this.heard(await this.claim());
    } finally {
      this.asking = false;
      this.button.removeAttribute("aria-busy");
      this.write();
    }
  }

  /** Asks until there is an answer, further apart each time. */
  private async claim(): Promise<Told> {
    const deal = this.dataset["deal"] ?? "";
    const variant = this.dataset["variant"] ?? "";
    const body = JSON.stringify({ variant, units: 1, key: keyFor.press(deal, variant) });
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const answer = await fetch(`/deals/${deal}/claims`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body,
        signal: AbortSignal.timeout(10_000),
      }).catch(() => null);
      const heard = answer && told(answer.status, await answer.json().catch(() => null));
      if (heard && heard.kind !== "busy") return heard;
      if (heard?.place) this.say(_("Busy: you are number %(place)s. We keep asking for you.", { place: count(heard.place) }));
      else this.say(_("The line is weak. We keep asking for you."));
      await new Promise((done) => setTimeout(done, waitMs(tries, Math.random())));
    }
    return { kind: "lost" };
  }

  private heard(heard: Told): void {
    const { deal, variant } = this.dataset;
    if (heard.kind !== "lost") keyFor.answered(deal ?? "", variant ?? "");
    this.say("");
    switch (heard.kind) {
      case "granted":
      case "waiting":
        this.href = `/claims/${heard.claim}`;
        this.state = heard.kind === "granted" ? "open" : "waiting";
        keyFor.has(deal ?? "");
        return this.orders && this.state === "open" ? this.order() : this.open();
      case "sold_out":
        this.dataset["left"] = "0";
        return this.say(_("It was sold out when your tap arrived."), this.dataset["usual"], _("Buy at the usual price"));
      case "over_limit":
        void this.ask();
        return this.say(_("You have as many as one person may have."));
      case "not_running":
        return this.say(_("The deal is not running."), this.dataset["usual"], _("Buy at the usual price"));
      case "closed":
        return this.say(_("Orders to your country are closed for now. You can watch on."));
      case "lost":
        return this.say(_("No answer came. Press again: it is the same claim."));
      default:
        return this.say(_("That did not work. Nothing was charged."));
    }
  }

  /** What this browser has or waits for in the deal. */
  private async ask(): Promise<void> {
    const answer = await fetch(`/deals/${this.dataset["deal"] ?? ""}/mine`).catch(() => null);
    if (!answer?.ok || this.asking) return;
    const { claims } = (await answer.json()) as { claims: { variant: string; state: string; href: string }[] };
    const mine = claims.filter((one) => one.variant === this.dataset["variant"]);
    const found = mine.find((one) => one.state === "open") ?? mine.find((one) => one.state === "waiting");
    const wasWaiting = this.state === "waiting";
    this.href = found?.href ?? "";
    this.state = found?.state ?? "";
    this.write();
    if (wasWaiting && this.state === "open" && !document.querySelector("dialog[open]")) {
      toast(_("One came free: it is held for you."), { words: _("Pay now"), href: this.href });
      tell(_("One came free: it is held for you."));
    }
  }

  private open(): void {
    document.dispatchEvent(new CustomEvent("sc:open-sheet", { detail: { href: this.href, opener: this.button } }));
  }

  /** The unit becomes an order at once: the sheet says what was ordered, or why it is still to be looked at. */
  private order(): void {
    const form = new FormData(this.querySelector("form")!);
    document.dispatchEvent(new CustomEvent("sc:open-sheet", { detail: { href: `${this.href}/order`, opener: this.button, form } }));
  }

  /** The word on the button, by what a press would do. */
  private write(): void {
    const isGone = Number(this.dataset["left"]) === 0;
    const isEarly = this.dataset["starts"] !== undefined;
    const hasLine = this.dataset["line"] === "yes";
    if (this.state === "open") this.words = _("Pay now");
    else if (this.state === "waiting") this.words = _("In line");
    else if (!isGone || isEarly) this.words = this.label || _("Buy");
    else this.words = hasLine ? _("Join the line") : _("Sold out");
    const isOff = !this.href && (isEarly || (isGone && !hasLine));
    if (isOff) this.button.setAttribute("aria-disabled", "true");
    else this.button.removeAttribute("aria-disabled");
  }

  private say(sentence: string, href?: string, words = ""): void {
    const place = this.closest(".pinned, .shelf-row")?.querySelector<HTMLElement>("[data-claim-said]");
    if (!place) return;
    place.hidden = !sentence;
    place.textContent = sentence;
    if (!href) return;
    const link = document.createElement("a");
    link.href = href;
    link.dataset["sheet"] = "";
    link.textContent = words;
    place.append(" ", link);
  }

  /** What the button says where one press orders; empty where it only claims. */
  private get label(): string {
    return this.dataset["oneTap"] ?? "";
  }

  private get said(): string {
    return this.button.querySelector("span")?.textContent ?? "";
  }

  private get button(): HTMLButtonElement {
    return this.querySelector("button")!;
  }

  private set words(words: string) {
    const place = this.button.querySelector("span");
    if (place && place.textContent !== words) place.textContent = words;
  }
}

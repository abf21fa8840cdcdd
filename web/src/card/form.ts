// SPDX-License-Identifier: Apache-2.0
// The provider's card form in our page. The card goes from the provider's fields to the provider; we are told the
// outcome by the provider itself, so nothing here decides whether an order is paid.

import { _ } from "../words.js";
import { type Answer, type CardField, type Outcome, type StripeApi, loadStripe, outcomeOf } from "./stripe.js";

export class CardForm extends HTMLElement {
  private api: StripeApi | undefined;
  private card: CardField | undefined;

  connectedCallback(): void {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.pay();
    });
    void this.open();
  }

  private get form(): HTMLFormElement {
    return this.querySelector("form")!;
  }

  private get button(): HTMLButtonElement {
    return this.querySelector<HTMLButtonElement>("footer button")!;
  }

  private async open(): Promise<void> {
    const place = this.querySelector<HTMLElement>("[data-card]")!;
    const { script = "", key = "" } = this.dataset;
    const { lang, dataset } = document.documentElement;
    // the provider knows Traditional Chinese by its two places
    const locale = lang !== "zh-Hant" ? lang : dataset["market"] === "HK" ? "zh-HK" : "zh-TW";
    try {
      this.api = await loadStripe(script, key, locale);
      this.card = this.api.elements({ locale }).create("card", { style: this.look() });
      this.card.mount(place);
    } catch {
      this.say(_("The card form did not load. Nothing was charged."));
      const again = document.createElement("button");
      again.className = "button main";
      again.type = "button";
      again.textContent = _("Try again");
      again.addEventListener("click", () => location.reload());
      this.place.append(again);
      return;
    }
    this.card.on("change", (told) => this.say(told?.error?.message ?? ""));
    place.removeAttribute("aria-busy");
    this.button.disabled = false;
  }

  private async pay(): Promise<void> {
    const { secret = "", done = "" } = this.dataset;
    if (!this.api || !this.card || this.button.disabled) return;
    const said = this.button.querySelector("span")!;
    const before = [...said.childNodes];
    this.say("");
    this.button.disabled = true;
    said.textContent = this.button.dataset["busy"] ?? "";
    let answer: Answer = {};
    try {
      answer = await this.api.confirmCardPayment(secret, { payment_method: { card: this.card } });
    } catch {
      // no answer that tells: pressing again asks about the same payment
    }
    const outcome = outcomeOf(answer);
    if (outcome === "over") return location.assign(done);
    said.replaceChildren(...before);
    this.button.disabled = false;
    this.say(words(outcome, answer));
  }

  private get place(): HTMLElement {
    return this.querySelector<HTMLElement>("[data-said]")!;
  }

  private say(words: string): void {
    const note = document.createElement("p");
    note.className = "notice madder";
    note.textContent = words;
    this.place.replaceChildren(...(words ? [note] : []));
    if (words) this.place.scrollIntoView({ block: "nearest" });
  }

  /** The provider's fields are drawn in its own frame: our colours have to be told to it. */
  private look(): object {
    const style = getComputedStyle(this);
    const token = (name: string): string => style.getPropertyValue(name).trim();
    return {
      base: { color: token("--ink"), fontSize: "16px", iconColor: token("--ink-3"), "::placeholder": { color: token("--ink-3") } },
      invalid: { color: token("--madder"), iconColor: token("--madder") },
    };
  }
}

function words(outcome: Outcome, answer: Answer): string {
  if (outcome === "declined") return _("Your bank said no. Nothing was charged; the goods stay held. Try another card.");
  if (outcome === "not-you") {
    return _("Your bank could not tell that it is you. Nothing was charged; the goods stay held. Try again, or use another card.");
  }
  if (outcome === "mistyped") return answer.error?.message || _("Some fields are not right yet.");
  return _("The payment provider did not answer. Try again: nothing is charged twice.");
}

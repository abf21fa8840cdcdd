// SPDX-License-Identifier: Apache-2.0
// As much of Stripe's script as the card form uses, in its own names, and what its answers mean to a buyer.

export interface CardField {
  mount(place: HTMLElement): void;
  on(event: string, handler: (told?: { error?: { message?: string } }) => void): void;
}

export interface Fault {
  type?: string;
  code?: string;
  message?: string;
}

interface Intent {
  status: string;
  last_payment_error?: Fault | null;
}

export interface Answer {
  error?: Fault | null;
  paymentIntent?: Intent;
}

export interface StripeApi {
  elements(options?: object): { create(kind: "card", options?: object): CardField };
  confirmCardPayment(secret: string, how: { payment_method: { card: CardField } }): Promise<Answer>;
}

declare global {
  interface Window {
    Stripe?: (key: string, options?: object) => StripeApi;
  }
}

/** What became of a press on Pay. `over`: nothing is left to be done in the form, the order knows more. */
export type Outcome = "over" | "declined" | "not-you" | "mistyped" | "silent";

const TAKEN = ["succeeded", "processing", "requires_capture"];
const OVER = ["payment_intent_unexpected_state", "payment_intent_invalid_state"];

export function outcomeOf(answer: Answer): Outcome {
  const intent = answer.paymentIntent;
  if (intent && TAKEN.includes(intent.status)) return "over";
  const fault = answer.error ?? intent?.last_payment_error;
  if (!fault) return intent ? "declined" : "silent";
  if (fault.code && OVER.includes(fault.code)) return "over";
  if (fault.code?.endsWith("authentication_failure")) return "not-you";
  if (fault.type === "validation_error") return "mistyped";
  if (fault.type === "card_error" || fault.code === "card_declined" || intent) return "declined";
  return "silent";
}

let loading: Promise<void> | undefined;

/** Stripe wants its script from its own address, fetched anew: a copy of ours would not do. */
export async function loadStripe(address: string, key: string, locale: string): Promise<StripeApi> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("not loaded")));
    document.head.append(script);
  });
  await loading;
  if (!window.Stripe) throw new Error("no Stripe in it");
  return window.Stripe(key, { locale });
}

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { type Answer, outcomeOf } from "../src/card/stripe.js";

const intent = (status: string, code?: string): Answer => ({
  paymentIntent: { status, last_payment_error: code ? { code } : null },
});

describe("what Stripe's answer means to a buyer", () => {
  it.each([
    ["paid", intent("succeeded"), "over"],
    ["thinking", intent("processing"), "over"],
    ["reserved", intent("requires_capture"), "over"],
    ["paid before, in another window", { error: { code: "payment_intent_unexpected_state" } }, "over"],
    ["no", { error: { type: "card_error", code: "card_declined" } }, "declined"],
    ["no, by its code alone", { error: { type: "invalid_request_error", code: "card_declined" } }, "declined"],
    ["not the holder", { error: { type: "card_error", code: "payment_intent_authentication_failure" } }, "not-you"],
    ["not the holder, told by the intent", intent("requires_payment_method", "payment_intent_authentication_failure"), "not-you"],
    ["no, told by the intent", intent("requires_payment_method"), "declined"],
    ["mistyped", { error: { type: "validation_error", code: "incomplete_number" } }, "mistyped"],
    ["the provider's own fault", { error: { type: "api_error" } }, "silent"],
    ["no answer", {}, "silent"],
  ] as [string, Answer, string][])("%s", (_name, answer, outcome) => {
    expect(outcomeOf(answer)).toBe(outcome);
  });
});

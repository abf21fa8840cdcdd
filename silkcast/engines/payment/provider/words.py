# SPDX-License-Identifier: Apache-2.0
"""The words of the provider's pages. They are said in the house's catalogs, as all sentences are."""

from __future__ import annotations

from silkcast.ground.language import N_

WORDS = {
    "title": N_("Card payment"),
    "to_pay": N_("To pay"),
    # Translators: between an amount and the name of the shop that gets it
    "to": N_("to"),
    "test_note": N_("Test provider. No money moves; only test cards work."),
    "number": N_("Card number"),
    "expiry": N_("Valid until"),
    "expiry_hint": N_("Month and year, 12/30"),
    "code": N_("Security code"),
    "code_hint": N_("Three digits on the back"),
    "name": N_("Name on the card"),
    "pay": N_("Pay"),
    "leave": N_("Cancel and go back"),
    "cards": N_("Test cards"),
    "cards_hint": N_("Any month to come, any three digits."),
    "language": N_("Language"),
    "card_declined": N_("The bank declined this card. Nothing was charged; try another one."),
    "insufficient_funds": N_("There is not enough money on this card. Nothing was charged; try another one."),
    "expired_card": N_("The bank says this card has expired. Nothing was charged; try another one."),
    "authentication_failed": N_(
        "The bank could not confirm it was you. Nothing was charged; try another card."
    ),
    "say_card_declined": N_("Declined"),
    "say_insufficient_funds": N_("Not enough money"),
    "say_expired_card": N_("Expired"),
    "say_ok": N_("Paid at once"),
    "say_bank_ok": N_("The bank asks for a code, then paid"),
    "say_bank_card_declined": N_("The bank asks for a code, then declines"),
    "say_slow": N_("Paid after a few seconds"),
    "number_wrong": N_("This card number is not complete. Check its digits."),
    "number_not_test": N_("This is not a test card. It was not kept; take one from the list below."),
    "expiry_wrong": N_("Write month and year as on the card, for example 12/30."),
    "expiry_past": N_("This date has passed. Take a month to come."),
    "code_wrong": N_("The security code has three or four digits."),
    "bank_title": N_("Your bank asks if it is you"),
    "bank_text": N_("We sent a code to the phone that belongs to this card."),
    "bank_code": N_("Your bank’s code"),
    "bank_hint": N_("In this test the code is always"),
    "bank_confirm": N_("Confirm"),
    "bank_code_wrong": N_("That code was not right."),
    "tries_left": N_("Tries left:"),
    "card_ending": N_("Card ending in"),
    "done_succeeded": N_("Paid. You can close this page."),
    "done_authorised": N_("Confirmed. You can close this page."),
    "done_processing": N_("Your bank is working on it. You can close this page."),
    "done_failed": N_("Not paid. Nothing was charged."),
    "done_cancelled": N_("Cancelled. Nothing was charged."),
}

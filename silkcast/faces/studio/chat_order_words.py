# SPDX-License-Identifier: Apache-2.0
"""Words for what was read out of a chat, for the host: doubts, reasons, answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from silkcast.faces.words.catalog import catalog as words_in
from silkcast.faces.words.marking import N_
from silkcast.flows.forwarding import Entered

DOUBTS: Mapping[str, str] = {
    "which": N_("It does not say which one. Choose it."),
    "another_day": N_("Said on another day."),
    "before": N_("Said before the hour you gave."),
    "taken_back": N_("Taken back later in the chat."),
    "over_limit": N_("More in all than one person may have."),
}
PASSED: Mapping[str, str] = {
    "takes back": N_("Takes an order back"),
    "empty": N_("No words"),
    "too long": N_("Too long for an order"),
    "question": N_("A question"),
    "negation": N_("Does not want it"),
    "hypothetical": N_("An if, a would or a later"),
    "past": N_("Something bought before"),
    "others": N_("About somebody else"),
    "interest": N_("Interest, no order"),
    "quoted": N_("Quotes somebody"),
    "number": N_("A time, a price or another number"),
    "too many": N_("More than one person may have"),
    "not offered": N_("Not in this deal"),
    "unclear": N_("Not clear what is meant"),
    "talk": N_("Talk"),
}
ANSWERS: Mapping[str, tuple[str, str]] = {
    "open": (N_("Granted"), "jade"),
    "whole": (N_("Order made, not paid yet"), "saffron"),
    "paid": (N_("Paid"), "jade"),
    "waiting": (N_("In line"), "indigo"),
    "expired": (N_("Not paid in time"), "madder"),
    "called_off": (N_("Given back"), "open"),
    "passed_over": (N_("Not their turn before the end"), "open"),
    "sold_out": (N_("Sold out"), "open"),
    "over_limit": (N_("Over the limit"), "open"),
    "closed": (N_("The market takes no orders now: not entered"), "madder"),
    "markets.closed": (N_("The market takes no orders now: not entered"), "madder"),
    "not_running": (N_("The deal does not run now: not entered"), "madder"),
    "key_reused": (N_("Entered before, as something else"), "open"),
    "quotes.not_sold_here": (N_("Not sold in that market"), "madder"),
    "deals.busy": (N_("The queue was full. Press Look again."), "madder"),
    "deals.not_known_yet": (N_("No answer yet. Press Look again."), "madder"),
}
"""By the state of the claim, else by what it was told, else by why there is no answer; and the colour."""
TAKEN: Mapping[str, str] = {
    "open": N_("Granted, and opened by its link"),
    "waiting": N_("In line, and opened by its link"),
}


def answer_words(one: Entered, language: str, now: datetime) -> tuple[str, str]:
    """How an order from the chat stands, and in which colour."""
    words = words_in(language)
    key = one.refused or str(one.told)
    if one.claim is not None and one.claim.state != "refused":
        is_late = one.claim.state == "open" and one.claim.until is not None and one.claim.until <= now
        key = "expired" if is_late else one.claim.state
    said, kind = ANSWERS[key]
    if not one.word and key in TAKEN:
        said = TAKEN[key]
    return words.gettext(said), kind

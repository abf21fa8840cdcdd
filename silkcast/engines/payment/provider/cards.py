# SPDX-License-Identifier: Apache-2.0
"""Test cards: what each number does. No other number is taken, so no real card can be typed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Outcome = Literal["ok", "slow", "card_declined", "insufficient_funds", "expired_card"]

BANK_CODE = "123456"
"""What the bank's page wants to read."""


@dataclass(frozen=True, slots=True)
class TestCard:
    number: str
    outcome: Outcome
    asks_bank: bool = False

    @property
    def spaced(self) -> str:
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))

    @property
    def says(self) -> str:
        """The key of the words that describe it."""
        return f"bank_{self.outcome}" if self.asks_bank else self.outcome


CARDS = (
    TestCard("4242424242424242", "ok"),
    TestCard("4000000000003220", "ok", asks_bank=True),
    TestCard("4000000000000002", "card_declined"),
    TestCard("4000000000009995", "insufficient_funds"),
    TestCard("4000000000000069", "expired_card"),
    TestCard("4000008400001629", "card_declined", asks_bank=True),
    TestCard("4000000000000077", "slow"),
)
_BY_NUMBER = {card.number: card for card in CARDS}


def digits(text: str) -> str:
    """The digits of what was typed, Arabic ones as well."""
    return "".join(str(int(character)) for character in text if character.isdecimal())


def passes_luhn(number: str) -> bool:
    total = 0
    for place, character in enumerate(reversed(number)):
        digit = int(character) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return len(number) >= 12 and total % 10 == 0


def fault_of(number: str, expiry: str, code: str, today: date) -> str | None:
    """Which field is wrong and how, as the key of its words; none where the card can be tried."""
    typed = digits(number)
    if not passes_luhn(typed):
        return "number_wrong"
    if typed not in _BY_NUMBER:
        return "number_not_test"
    month_year = digits(expiry)
    if len(month_year) != 4 or not 1 <= int(month_year[:2]) <= 12:
        return "expiry_wrong"
    if (2000 + int(month_year[2:]), int(month_year[:2])) < (today.year, today.month):
        return "expiry_past"
    if not 3 <= len(digits(code)) <= 4:
        return "code_wrong"
    return None


def card(number: str) -> TestCard:
    return _BY_NUMBER[digits(number)]

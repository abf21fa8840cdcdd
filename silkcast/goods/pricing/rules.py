# SPDX-License-Identifier: Apache-2.0
"""What a price may be."""

from __future__ import annotations

from silkcast.ground.money import BadMoney, Money

from .errors import BadPrice, WrongCurrency

MOST_MINOR = 10**12


def read(amount: str, currency: str) -> Money:
    """What a seller typed, as money of this currency: three decimals of a yen are refused, not rounded."""
    try:
        return Money.of(amount.strip().replace(" ", ""), currency)
    except BadMoney:
        raise BadPrice(currency) from None


def check(price: Money, currency: str) -> None:
    if price.currency != currency:
        raise WrongCurrency(currency, price.currency)
    if not 0 < price.minor <= MOST_MINOR:
        raise BadPrice(currency)

# SPDX-License-Identifier: Apache-2.0
"""Money: an exact amount in one currency, with the minor units of ISO 4217.

A `Money` always holds a whole number of minor units; what would not is refused, never rounded on the
quiet. Rounding is asked for by name, since each law has a rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NewType

Currency = NewType("Currency", str)
Rounding = Literal["half_up", "half_even", "up", "down"]

# ISO 4217 list one: the active currencies, by the decimals of their minor unit.
_NO_MINOR_UNIT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
_TWO = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY
    COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR
    MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG
    SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES
    WST XCD XCG YER ZAR ZMW ZWG
"""
_MINOR_UNITS = {
    code: units
    for codes, units in ((_NO_MINOR_UNIT, 0), (_THREE, 3), (_FOUR, 4), (_TWO, 2))
    for code in codes.split()
}


_UNITS = {code: Decimal(1).scaleb(-units) for code, units in _MINOR_UNITS.items()}


class BadMoney(ValueError):
    """Not an exact amount of a currency there is. `args[0]` says what is wrong."""


def minor_units(currency: str) -> int:
    """Decimals of the currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD."""
    try:
        return _MINOR_UNITS[currency]
    except KeyError:
        raise BadMoney(f"no such currency: {currency!r}") from None


def round_exact(value: Fraction, step: Fraction, how: Rounding = "half_up") -> Fraction:
    """The multiple of `step` that `value` rounds to; halves and signs as decimal's modes have them."""
    quotient = value / step
    whole = abs(quotient.numerator) // quotient.denominator
    rest = abs(quotient) - whole
    half = Fraction(1, 2)
    more = {
        "down": False,
        "up": rest > 0,
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and whole % 2 == 1),
    }[how]
    whole += more
    return (whole if quotient >= 0 else -whole) * step


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `Money(Decimal("19.90"), Currency("EUR"))`. Mixes only with its own kind."""

    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        amount = self.amount
        if not isinstance(amount, Decimal) or not amount.is_finite():
            raise BadMoney("an amount is a finite decimal")
        unit = _UNITS.get(self.currency)
        if unit is None:
            raise BadMoney(f"no such currency: {self.currency!r}")
        try:
            exact = amount.quantize(unit)
        except ArithmeticError:
            raise BadMoney("the amount is too large") from None
        if exact != amount:
            raise BadMoney(f"{self.amount} has more decimals than {self.currency} has minor units")
        object.__setattr__(self, "amount", exact + 0)

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """From text, a whole number or a decimal. Floats are not taken."""
        try:
            return cls(Decimal(amount), Currency(currency))
        except ArithmeticError:
            raise BadMoney(f"not an amount: {amount!r}") from None

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Money:
        return cls(Decimal(minor).scaleb(-minor_units(currency)), Currency(currency))

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(Decimal(0), Currency(currency))

    @classmethod
    def rounded(
        cls, exact: Fraction | Decimal, currency: str, how: Rounding = "half_up", step: Decimal | None = None
    ) -> Money:
        """The one place where an exact figure becomes money: to `step`, else to the minor unit."""
        if step is None and isinstance(exact, Decimal) and exact.is_finite():
            with suppress(BadMoney):
                return cls(exact, Currency(currency))
        unit = Fraction(step) if step is not None else Fraction(1, 10 ** minor_units(currency))
        value = round_exact(Fraction(exact), unit, how)
        return cls.from_minor(int(value * 10 ** minor_units(currency)), currency)

    @property
    def minor(self) -> int:
        return int(self.amount.scaleb(minor_units(self.currency)))

    @property
    def is_zero(self) -> bool:
        return self.amount == 0

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise BadMoney(f"{self.currency} and {other.currency} do not mix")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.amount * count, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero of `currency` when there is none."""
    result = Decimal(0)
    for amount in amounts:
        if amount.currency != currency:
            raise BadMoney(f"{currency} and {amount.currency} do not mix")
        result += amount.amount
    return Money(result, Currency(currency))


def share(amount: Money, weights: Sequence[Fraction | Decimal | int]) -> list[Money]:
    """Split to the last minor unit by weight: each part cut down, the units left go one each to the
    largest remainders, the earlier part first. Where all weights are zero the first part takes all."""
    if not weights:
        raise ValueError("nothing to share over")
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact, Fraction(0))
    if whole == 0:
        return [amount] + [Money.zero(amount.currency)] * (len(exact) - 1)
    sign = -1 if amount.minor < 0 else 1
    wanted = [abs(amount.minor) * weight / whole for weight in exact]
    cut = [part.numerator // part.denominator for part in wanted]
    left = abs(amount.minor) - sum(cut)
    by_remainder = sorted(range(len(cut)), key=lambda index: (cut[index] - wanted[index], index))
    for index in by_remainder[:left]:
        cut[index] += 1
    return [Money.from_minor(sign * units, amount.currency) for units in cut]

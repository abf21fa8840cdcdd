# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from datetime import date

from silkcast.faces.api.answering import BadField
from silkcast.ground.money import BadMoney, Money
from silkcast.ground.price import PriceLine as OwnPriceLine
from silkcast.ground.price import Step


@dataclass(frozen=True, slots=True)
class Amount:
    """Money: a decimal as text, with as many decimals as the currency has, and an ISO 4217 code."""

    amount: str
    currency: str

    @classmethod
    def of(cls, money: Money) -> "Amount":
        return cls(str(money.amount), money.currency)

    def money(self, field: str) -> Money:
        """As money, or a refusal that names the field."""
        try:
            return Money.of(self.amount.strip(), self.currency.strip())
        except (BadMoney, ArithmeticError, ValueError):
            raise BadField(field, "not_money") from None


@dataclass(frozen=True, slots=True)
class PriceStep:
    """One step to an amount: what it says (`rate`, `per_code`, `when.up_to`), its figures, and its rule."""

    code: str
    facts: dict[str, str]
    rule: str
    mark: str
    source: str
    valid_from: date | None
    valid_to: date | None

    @classmethod
    def of(cls, step: Step) -> "PriceStep":
        return cls(
            step.code, dict(step.facts), step.rule, step.mark, step.source, step.valid_from, step.valid_to
        )


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One part of a whole price, and why: the rule, its rate, since when, from which source."""

    kind: str
    amount: Amount
    code: str
    collected_at: str
    rule: str
    rate: str
    valid_from: date | None
    source: str
    facts: dict[str, str]
    steps: list[PriceStep]

    @classmethod
    def of(cls, line: OwnPriceLine) -> "PriceLine":
        return cls(
            line.kind,
            Amount.of(line.amount),
            line.code,
            line.collected_at,
            line.rule,
            line.rate,
            line.valid_from,
            line.source,
            dict(line.facts),
            [PriceStep.of(step) for step in line.steps],
        )

# SPDX-License-Identifier: Apache-2.0
"""How news changes a payment. Joining is the same in any order and any number of times.

Every state has a rank and the highest rank heard of wins: what a provider once called succeeded has brought
money, whatever arrives afterwards. A declined card is not a failed payment: its buyer may try another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from silkcast.ground.money import Money

from .port import RefundStatus, Status

RANK: dict[Status, int] = {
    "created": 0,
    "requires_action": 1,
    "pending": 2,
    "failed": 3,
    "cancelled": 4,
    "succeeded": 5,
}
REFUND_RANK: dict[RefundStatus, int] = {"created": 0, "pending": 1, "succeeded": 2, "failed": 3}
"""A bank may send back a refund that had succeeded, so failed has the last word."""
OPEN: frozenset[Status] = frozenset({"created", "requires_action", "pending"})
ENDED_UNPAID: frozenset[Status] = frozenset({"failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a payment, as far as news can change it."""

    status: Status
    paid: Money | None = None
    fee: Money | None = None
    reason: str = ""
    reason_at: datetime | None = None


def join(before: Standing, news: Standing) -> Standing:
    """Both together. Associative, commutative, and the same news twice changes nothing."""
    by_rank = max(before, news, key=lambda standing: RANK[standing.status])
    latest = max(before, news, key=_reason_order)
    return Standing(
        status=by_rank.status,
        paid=_larger(before.paid, news.paid),
        fee=_larger(before.fee, news.fee),
        reason=latest.reason,
        reason_at=latest.reason_at,
    )


def _reason_order(standing: Standing) -> tuple[str, str]:
    at = standing.reason_at
    return (at.isoformat(timespec="microseconds") if at else "", standing.reason)


def _larger(one: Money | None, other: Money | None) -> Money | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda money: money.amount)


def join_refund(before: RefundStatus, news: RefundStatus) -> RefundStatus:
    """The later of two states of a refund."""
    return max(before, news, key=lambda status: REFUND_RANK[status])


def refund_sums(status: RefundStatus, amount: Money) -> tuple[Money, Money]:
    """(refunded, refunding) that a refund in this state counts for."""
    zero = Money.zero(amount.currency)
    if status == "succeeded":
        return amount, zero
    return zero, zero if status == "failed" else amount

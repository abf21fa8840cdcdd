# SPDX-License-Identifier: Apache-2.0
"""The chart of accounts, and what makes a transfer right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from .errors import BadEntry, NotBalanced
from .values import Account, Entry

CHART = frozenset(
    {
        "psp_clearing",  # with a payment provider, by provider
        "cod_clearing",  # with a carrier who collected at the door, by carrier
        "bank",
        "seller_payable",  # owed to a seller, by seller
        "freight_held",  # for carriers, by market
        "duty_held",  # for customs, by market
        "tax_held",  # for tax offices, by market
        "refunds_due",
        "commission",
        "provider_fees",
        "rounding",
    }
)
OWNED = frozenset({"seller_payable"})
"""Kinds that mean nothing without an owner."""


def check(entries: Sequence[Entry]) -> None:
    """Each entry is of something, in its account's currency; all add up to zero in each currency."""
    for entry in entries:
        check_account(entry.account)
        if entry.amount.currency != entry.account.currency:
            raise BadEntry(entry.account.kind, "currency")
        if entry.amount.is_zero:
            raise BadEntry(entry.account.kind, "zero")
    sums = sums_by_currency(entries)
    for currency in sorted(sums):
        if sums[currency] != 0:
            raise NotBalanced(currency)
    if not sums:
        raise NotBalanced("")


def check_account(account: Account) -> None:
    if account.kind not in CHART:
        raise BadEntry(account.kind, "not_in_chart")
    if account.kind in OWNED and not account.owner:
        raise BadEntry(account.kind, "no_owner")


def sums_by_currency(entries: Iterable[Entry]) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        sums[entry.amount.currency] += entry.amount.amount
    return dict(sums)


def same_entries(left: Iterable[Entry], right: Iterable[Entry]) -> bool:
    """The same sides, in whatever order."""

    def ordered(entries: Iterable[Entry]) -> list[tuple[str, str, str, Decimal]]:
        return sorted(
            (entry.account.kind, entry.account.owner or "", entry.account.currency, entry.amount.amount)
            for entry in entries
        )

    return ordered(left) == ordered(right)

# SPDX-License-Identifier: Apache-2.0
"""What the ledger hands in and out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from silkcast.ground.ids import TransferId
from silkcast.ground.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Account:
    """Where money stands."""

    kind: str
    """One of `rules.CHART`."""
    owner: str | None
    """Who it is for, where the kind has owners: a seller's id, a provider's name, a market."""
    currency: Currency


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a transfer: a debit with a plus, a credit with a minus."""

    account: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money moved. Never changed again."""

    id: TransferId
    kind: str
    reference: str
    key: str
    at: datetime
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account comes to."""

    account: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the books that should be impossible."""

    kind: str
    about: str

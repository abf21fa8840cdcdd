# SPDX-License-Identifier: Apache-2.0
"""What the ledger refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid


@dataclass(eq=False)
class NotBalanced(Invalid):
    """The entries do not add up to zero in this currency."""

    code: ClassVar[str] = "ledger.not_balanced"
    currency: str


@dataclass(eq=False)
class BadEntry(Invalid):
    """An entry of nothing, of another currency than its account's, or of an account not in the chart."""

    code: ClassVar[str] = "ledger.bad_entry"
    account: str
    fault: str


@dataclass(eq=False)
class KeyReused(Conflict):
    """The key stands for another transfer already."""

    code: ClassVar[str] = "ledger.key_reused"
    key: str

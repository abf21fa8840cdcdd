# SPDX-License-Identifier: Apache-2.0
"""What the ledger announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import TransferId
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class TransferPosted(Event):
    """Money moved."""

    name: ClassVar[str] = "ledger.transfer_posted.v1"
    transfer: TransferId
    kind: str
    reference: str

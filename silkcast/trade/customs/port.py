# SPDX-License-Identifier: Apache-2.0
"""The port to customs. The contract suite in tests/engines/customs holds every engine to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from silkcast.trade.customs.values import CN23, Kind, Receipt


class CustomsPort(Protocol):
    """The exchange platform, or a stand-in. Never called inside a transaction."""

    @property
    def name(self) -> str:
        """Which port it is."""

    async def send(self, xml: str, kind: Kind, *, key: str) -> None:
        """Hand over one message; `key` is its guid, and the same one twice is one. PortSilent when nobody
        answers: then send it again; MessageRefused when it is no message. The verdict comes as receipts."""

    async def receipts(self, since: datetime | None = None) -> tuple[Receipt, ...]:
        """All answers since a moment, oldest first: for when a callback got lost."""

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> tuple[Receipt, ...]:
        """Check the signature, then read. Refuses with BadSignature or BadReceipt."""

    def cn23(self, form: CN23) -> bytes:
        """The form as a PDF of one page."""

# SPDX-License-Identifier: Apache-2.0
"""The port to carriers. An engine serves it; the contract suite in tests/engines/carrier holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from silkcast.trade.shipping.values import Booked, Booking, Rate, RateAsk, RateSheet, TrackEvent, TrackNews


class Carrier(Protocol):
    """One carrier. Every call but `sheet` and `read_webhook` may take seconds: never inside a transaction."""

    @property
    def name(self) -> str:
        """What parcels say they go with."""

    @property
    def sheet(self) -> RateSheet:
        """Prices as data, for pages: no call to anybody."""

    async def rates(self, ask: RateAsk) -> tuple[Rate, ...]:
        """The carrier's own prices, cheapest first; none when it does not go there."""

    async def book(self, booking: Booking, *, key: str) -> Booked:
        """Book a parcel out, or with direction `back` a return label. The same key books once."""

    async def track(self, tracking: str) -> tuple[TrackEvent, ...]:
        """All that happened so far, oldest first."""

    async def cancel(self, tracking: str) -> None:
        """Only before the pick-up; twice is once. Refuses with ParcelGone."""

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> TrackNews:
        """Check the signature, then read. Refuses with BadSignature."""

# SPDX-License-Identifier: Apache-2.0
"""The port of payments: what an engine must do, and the values that cross it.

Two things hold for every engine. The same `key` with the same contents gives the same answer and moves
money once. And an answer that does not come is `EngineSilent`: the money may have moved, ask again with
the same key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from silkcast.ground.ids import PaymentId, RefundId
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.ground.refusals import Conflict, Invalid, Unavailable

Status = Literal["created", "requires_action", "pending", "failed", "cancelled", "succeeded"]
RefundStatus = Literal["created", "pending", "succeeded", "failed"]


@dataclass(frozen=True, slots=True)
class Method:
    """A way to pay that an engine offers."""

    code: str
    """What the order says: card, cod."""
    engine: str
    at_door: bool = False
    """Paid when the parcel is handed over."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What a buyer is asked for."""

    payment: PaymentId
    amount: Money
    key: str
    return_url: str
    method: str
    language: str = "en"
    capture: bool = True
    """False to reserve the amount only, until `capture`."""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """What the buyer has to do: go to a page, or finish in their browser with a secret."""

    kind: Literal["redirect", "client_secret"]
    value: str

    def __repr__(self) -> str:
        return f"Action({self.kind}, …)"


@dataclass(frozen=True, slots=True)
class Form:
    """A provider's own card form, which its script puts into a page of ours: what a browser needs for it."""

    kind: Literal["stripe"]
    """Whose script it is: our page has to know how to speak to it."""
    script: str
    key: str
    """The provider's key that may be public."""
    scripts: tuple[str, ...]
    """Origins that its scripts come from."""
    frames: tuple[str, ...]
    """Origins of the frames it opens: the card's fields, the bank's check."""
    asks: tuple[str, ...]
    """Origins that it speaks to."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The provider's answer to a charge."""

    status: Status
    provider_id: str
    action: Action | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the provider knows of a payment now."""

    status: Status
    amount: Money
    """Captured, or to be captured."""
    refunded: Money
    fee: Money | None = None
    reason: str = ""
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What is to go back."""

    refund: RefundId
    payment: PaymentId
    provider_id: str
    amount: Money
    key: str


@dataclass(frozen=True, slots=True)
class Refunded:
    """The provider's answer to a refund."""

    status: RefundStatus
    provider_refund_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """News from a provider, its signature already checked."""

    id: str
    kind: Literal["payment", "refund", "other"]
    at: datetime
    provider_id: str = ""
    payment: PaymentId | None = None
    """Ours, where the provider repeats what we gave it."""
    status: Status | None = None
    amount: Money | None = None
    fee: Money | None = None
    reason: str = ""
    refund: RefundId | None = None
    provider_refund_id: str = ""
    refund_status: RefundStatus | None = None


@dataclass(eq=False)
class BadSignature(Invalid):
    """A webhook that its provider did not sign, or too long ago."""

    code: ClassVar[str] = "payments.bad_signature"


@dataclass(eq=False)
class EngineSilent(Unavailable):
    """No answer, or none that tells: it may have been done. Ask again with the same key."""

    code: ClassVar[str] = "payments.engine_silent"
    engine: str


@dataclass(eq=False)
class EngineRefused(Conflict):
    """The provider will not, and says why in its own word. Nothing was done."""

    code: ClassVar[str] = "payments.engine_refused"
    engine: str
    reason: str


class PaymentEngine(Protocol):
    """A payment provider, or what stands in its place."""

    @property
    def name(self) -> str:
        """As the settings and the payments know it."""

    @property
    def by_hand(self) -> bool:
        """True where nobody can be asked, since people report what happened: cash, bank transfers."""

    @property
    def pages(self) -> tuple[str, ...]:
        """Origins of the pages it sends buyers to: `https://pay.example`."""

    @property
    def is_framed(self) -> bool:
        """Its pages may stand in a frame of ours, so that the show goes on beside them."""

    @property
    def form(self) -> Form | None:
        """The form that an action of kind `client_secret` is finished in; none where there are no such."""

    def methods(self, market: Country, currency: Currency) -> tuple[Method, ...]:
        """What a buyer of this market may choose. Asks nobody."""

    async def begin(self, charge: Charge) -> Begun:
        """Open a payment."""

    async def look(self, provider_id: str) -> Known:
        """Ask how a payment stands."""

    async def capture(self, provider_id: str, amount: Money, *, key: str) -> Known:
        """Take what was reserved, or part of it; the rest is let go."""

    async def void(self, provider_id: str, *, key: str) -> Known:
        """Let go of a payment that has not succeeded. One that has is left as it is, and said so."""

    async def refund(self, order: RefundOrder) -> Refunded:
        """Send money back."""

    async def look_refund(self, provider_refund_id: str) -> Refunded:
        """Ask how a refund stands."""

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
        """Check the signature on the raw body and read it; header names are in small letters."""

    async def close(self) -> None:
        """Give its connections back."""

# SPDX-License-Identifier: Apache-2.0
"""What a room and its fragments show. Templates: `room/room.html`, `room/card.html`, `room/shelf.html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from silkcast.faces.shop.closed import ClosedView
from silkcast.faces.shop.views import AddressLine, Image, NotSold, PriceTag, Window
from silkcast.ground.language import Words
from silkcast.ground.money import Money


@dataclass(frozen=True, slots=True)
class Host:
    """The shop that holds the show. `follow` is where a press on Follow is posted, empty for none."""

    name: Words
    place: str
    href: str
    avatar: Image | None = None
    follow: str = ""
    is_followed: bool = False


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One line of chat. `language` is what it was written in; `translated_from`: put over from."""

    id: str
    kind: Literal["viewer", "host", "moderator", "bought", "hidden"]
    name: str
    text: str
    language: str = ""
    voices: int = 1
    """How many said it."""
    translated_from: str = ""


@dataclass(frozen=True, slots=True)
class OneTap:
    """One press orders: for how much, all in, and where to. For its person alone."""

    total: Money
    where: AddressLine


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal that counts down or runs: its moments by the server's clock, and the seconds left now."""

    ends_at: datetime
    seconds: int
    id: str = ""
    starts_at: datetime | None = None
    is_counting: bool = False
    has_line: bool = False
    """Who comes when all is gone may wait in line."""
    variant: str = ""
    claim: str = ""
    """Where a browser without script posts its claim."""
    key: str = ""
    """The claim's key of whoever has no script: a second press is the same claim."""
    usual: str = ""
    """Where it is bought at the shop's own price."""
    one_tap: OneTap | None = None

    @property
    def until(self) -> datetime:
        return self.starts_at if self.is_counting and self.starts_at else self.ends_at


@dataclass(frozen=True, slots=True)
class Card:
    """A thing on offer in the viewer's market: price, or why it is not sold there."""

    product: str
    name: Words
    href: str
    image: Image | None = None
    variant: str = ""
    """The variant that Buy opens with."""
    variants: Sequence[str] = ()
    """All of the product: their stock decides which one that is."""
    buy: str = ""
    """Address of the buy sheet: `/buy/{variant}?show={show}`."""
    price: PriceTag | None = None
    not_sold: NotSold | None = None
    promise: Window | None = None
    left: int | None = None
    """Shown only where the seller lets it be seen, or under five."""
    of: int | None = None
    is_sold_out: bool = False
    waitlist: str = ""
    waiting: int = 0
    deal: Deal | None = None
    is_pinned: bool = False
    shown_at: int | None = None
    """Seconds into the show or its replay when it was on the table."""


@dataclass(frozen=True, slots=True)
class CouponChip:
    """A coupon that can be claimed in the room, or is the viewer's already."""

    code: str
    words: str
    left: int
    action: str
    key: str
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class CouponsView:
    """room/coupons.html: what can be claimed now, in the viewer's market."""

    show: str
    chips: Sequence[CouponChip] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RoomView:
    """room/room.html: the whole page of a show, planned, live or ended."""

    show: str
    title: Words
    host: Host
    state: Literal["planned", "live", "ended"]
    starts_at: datetime
    seller_timezone: str
    poster: Image
    seq: str = ""
    """The place in the feed this page was drawn at: `hub.position(topic(show))`."""
    stream: str = ""
    """Address of the HLS playlist, live or replay; empty while there is none."""
    is_wide: bool = False
    """A 16:9 stream: across on the phone, whole on the desk."""
    viewers: int = 0
    likes: int = 0
    running_seconds: int = 0
    card: Card | None = None
    coupons: CouponsView = CouponsView("")
    shelf: Sequence[Card] = ()
    chat: Sequence[ChatLine] = ()
    share: str = ""
    """Where the address to share is made."""
    closed: ClosedView | None = None
    """The viewer's market takes no orders now."""
    remind: str = ""
    """Where Remind is posted for a planned show, empty for none."""
    may_chat: bool = True
    note: ChatLine | None = None
    """The line the host pinned over the chat."""
    slow_seconds: int = 0
    """One line a person in so many seconds; none for no slow mode."""
    who: Literal["everyone", "known", "nobody"] = "everyone"
    """Who may speak."""


@dataclass(frozen=True, slots=True)
class ShelfView:
    """room/shelf.html: everything on the shelf of a show, the pinned one first."""

    show: str
    items: Sequence[Card]
    back: str


@dataclass(frozen=True, slots=True)
class CardView:
    """room/card.html: what is pinned now, for the viewer's market; none when nothing is."""

    show: str
    card: Card | None

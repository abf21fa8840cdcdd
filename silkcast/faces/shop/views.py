# SPDX-License-Identifier: Apache-2.0
"""What each of the viewer's pages shows: frozen values that a handler fills and a template reads.

Templates hold no sums and ask nothing: money, dates and choices arrive worked out. Words that sellers and
viewers wrote come as `Words` (the template picks the language and marks foreign text); words of the house
that depend on facts (`why` of a price line, a step's `fact`) come translated, as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.who.identity.values import Passkey
from silkcast.who.sellers.values import Answerable


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as a page shows it. `sizes` is a srcset: `/files/a-160.webp 160w, /files/a-320.webp 320w`."""

    address: str
    alt: str = ""
    width: int = 640
    height: int = 640
    sizes: str = ""


@dataclass(frozen=True, slots=True)
class PriceTag:
    """One price, whole: what leaves the buyer's account."""

    amount: Money
    before: Money | None = None
    lowest: Money | None = None
    included: bool = True
    """Nothing is left to pay at the door."""
    changed: str = ""
    """One sentence when the price moved while the page was open."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a price: name, why, amount; `info` is the address of the rule, or empty."""

    name: str
    amount: Money
    why: str = ""
    info: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A promise: dates in the receiver's place."""

    first: date
    last: date


StepState = Literal["done", "now", "late", "refused", "next"]


@dataclass(frozen=True, slots=True)
class Step:
    """A knot of a timeline. `when` is a moment, or words where it is not one."""

    title: str
    state: StepState
    when: datetime | str | None = None
    fact: str = ""
    icon: str = ""
    """For now and late, the means: airplane-tilt-fill, truck-fill, warehouse-fill, package-fill."""


@dataclass(frozen=True, slots=True)
class NotSold:
    """Why a thing is not sold in the viewer's market, in one line; `why` is where it is explained."""

    reason: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class AddressLine:
    """The address as one reads it on a parcel."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class AskedField:
    """One field of a form made from a country's own rules."""

    name: str
    label: str
    value: str = ""
    kind: Literal["text", "tel", "email", "select", "number"] = "text"
    """number: one of papers, with letters in it perhaps."""
    wrong: str = ""
    hint: str = ""
    is_required: bool = True
    options: Sequence[tuple[str, str]] = ()
    lead: str = ""
    """Before the box: +33."""
    autocomplete: str = ""
    inputmode: str = ""
    is_whole: bool = True
    """Takes the whole line; else shares it with its neighbour."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A product in a grid: whole price in the viewer's market, or why it is not sold there."""

    href: str
    name: Words
    image: Image | None
    price: PriceTag | None = None
    not_sold: NotSold | None = None
    promise: Window | None = None
    left: int | None = None
    """Under ten, and only where the seller lets it be seen."""
    is_sold_out: bool = False
    shop: Words | None = None
    """Told where pieces of several shops stand together."""


@dataclass(frozen=True, slots=True)
class ShowCard:
    """A show in the window: live now, still to come, or its replay."""

    href: str
    title: Words
    shop: Words
    shop_href: str
    state: Literal["planned", "live", "ended"]
    starts_at: datetime
    cover: Image | None = None
    avatar: Image | None = None
    viewers: int = 0
    table: Piece | None = None
    """What is pinned now."""
    remind: str = ""
    """Where Remind is posted; empty for none."""


@dataclass(frozen=True, slots=True)
class HomeView:
    """shop/home.html: who is live, what comes, pieces of all shops. `shop/live.html` takes it too."""

    live: Sequence[ShowCard] = ()
    coming: Sequence[ShowCard] = ()
    replays: Sequence[ShowCard] = ()
    pieces: Sequence[Piece] = ()
    next: str = ""
    """Address of the next page of pieces."""


@dataclass(frozen=True, slots=True)
class ShopView:
    """shop/shop.html."""

    name: Words
    story: Words | None
    place: str
    href: str
    avatar: Image | None = None
    followers: int = 0
    follow: str = ""
    is_followed: bool = False
    live: ShowCard | None = None
    coming: Sequence[ShowCard] = ()
    replays: Sequence[ShowCard] = ()
    pieces: Sequence[Piece] = ()
    next: str = ""


@dataclass(frozen=True, slots=True)
class SearchView:
    """shop/search.html."""

    text: str
    pieces: Sequence[Piece] = ()
    shops: Sequence[tuple[Words, str, Image | None]] = ()
    """(name, address, avatar)."""
    next: str = ""


@dataclass(frozen=True, slots=True)
class VariantChoice:
    """One variant as a choice; `href` is the same page with it chosen."""

    id: str
    words: Words
    href: str
    is_on: bool = False
    is_gone: bool = False
    colour: str = ""
    """`#rrggbb` for a swatch, empty for none."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a product was shown: a replay's address with its second."""

    href: str
    title: Words
    seconds: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Machine:
    """A translation by machine that a page offers or shows: where it is, and where the original."""

    translated: str
    original: str
    is_shown: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ProductView:
    """shop/product.html."""

    name: Words
    description: Words
    shop: Words
    shop_href: str
    images: Sequence[Image]
    price: PriceTag | None
    not_sold: NotSold | None = None
    lines: Sequence[Line] = ()
    total: Money | None = None
    at_door: Money | None = None
    variants: Sequence[VariantChoice] = ()
    buy: str = ""
    """Address of the buy sheet for the chosen variant; empty when it cannot be bought."""
    is_sold_out: bool = False
    left: int | None = None
    promise: Window | None = None
    promise_fact: str = ""
    """`Late? €5 back, automatically`, or the carrier's service; empty for none."""
    return_days: int | None = None
    return_fact: str = ""
    facts: Sequence[tuple[str, str]] = ()
    law_lines: Sequence[str] = ()
    """What the law of the market wants said."""
    answerable: Sequence[Answerable] = ()
    """The maker and the person who answers for it, where the law wants them shown."""
    """Origin, material, weight, size: (name, words), translated."""
    live: ShowCard | None = None
    """A show that has it on the table now."""
    moments: Sequence[Moment] = ()
    share: str = ""
    machine: Machine | None = None
    """Where name or description are not in the reader's language."""


@dataclass(frozen=True, slots=True)
class LogInView:
    """account/log_in.html: by code or password. Posts `contact` (and `password`) to `action`."""

    action: str
    next: str = "/"
    by: Literal["code", "password"] = "code"
    contact: str = ""
    problem: str = ""
    other: str = ""
    """Address of the same page the other way."""
    register: str = ""
    why: str = ""
    """`The set you chose is held for 10 minutes.`, translated; empty for none."""
    known: Sequence[tuple[str, str]] = ()
    """The demo's log-ins: (who, contact and password)."""
    prefix: str = ""
    """What numbers of the market begin with: +966."""
    takes_passkeys: bool = False


@dataclass(frozen=True, slots=True)
class RegisterView:
    """account/register.html. Posts `name contact password`."""

    action: str
    fields: Sequence[AskedField]
    next: str = "/"
    problem: str = ""
    log_in: str = "/log-in"


@dataclass(frozen=True, slots=True)
class CodeView:
    """account/code.html: the six figures. Posts `code`."""

    action: str
    sent_to: str
    back: str
    again: str = ""
    """Where a new code is asked for by POST."""
    again_seconds: int = 0
    wrong: str = ""
    next: str = "/"


@dataclass(frozen=True, slots=True)
class WelcomeView:
    """account/welcome.html: who has a code and no account yet. Posts `name agrees`."""

    action: str
    contact: str
    name: str = ""
    wrong: str = ""
    """About the name."""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class YouView:
    """account/you.html."""

    name: str
    contact: str
    log_out: str
    shop: Words | None = None
    kept: Sequence[tuple[str, Words]] = ()
    """Where this person keeps order in the chat: address and title of each show."""
    one_taps: Sequence[tuple[str, AddressLine]] = ()
    """In which markets one tap orders, and where to."""
    passkeys: Sequence[Passkey] = ()
    makes_passkeys: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class MarketChoice:
    """A market by its own name and the reader's; `finds`: what it is found by, in plain letters."""

    code: str
    name: str
    own_name: str
    own_language: str
    currency: str
    is_chosen: bool
    finds: str


@dataclass(frozen=True, slots=True)
class MarketGroup:
    """The markets of a region, in the order of the reader's alphabet."""

    name: str
    markets: Sequence[MarketChoice]
    is_open: bool


@dataclass(frozen=True, slots=True)
class MarketView:
    """shop/market.html: market, language and light. Posts `market language theme next` to `action`; without
    script `find back` go there by GET."""

    regions: Sequence[MarketGroup]
    back: str
    find: str = ""
    action: str = "/market"


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """shop/error.html: what broke, what still works, what to do."""

    status: int
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class LegalView:
    """shop/legal.html: a plain text with headings: (heading, paragraphs)."""

    title: str
    parts: Sequence[tuple[str, Sequence[str]]]
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class PartsView:
    """/design, in development only: every part on one page."""

    price: PriceTag
    deal: PriceTag
    lines: Sequence[Line]
    steps: Sequence[Step]

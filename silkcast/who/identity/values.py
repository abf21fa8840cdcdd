# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from silkcast.ground.ids import PasskeyId, SellerId, TokenId, UserId
from silkcast.ground.places import Address, Country

Purpose = Literal["confirm", "login"]
"""A code confirms who registered with a password, or lets in whoever has the contact."""

SCOPES = frozenset(
    {
        "catalog:read",
        "catalog:write",
        "stock:write",
        "orders:read",
        "orders:write",
        "shows:write",
        "chat:moderate",
        "deals:write",
        "hooks:write",
        "ledger:read",
        "customs:read",
        "markets:write",
    }
)


@dataclass(frozen=True, slots=True)
class User:
    """A person. `contact` is personal: for that person's own pages and letters only."""

    id: UserId
    contact: str
    name: str
    language: str
    is_confirmed: bool
    is_operator: bool
    has_password: bool
    created_at: datetime

    def __repr__(self) -> str:
        return f"User({self.id}, …)"


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in. The token is given once, for its cookie."""

    token: str
    user: User

    def __repr__(self) -> str:
        return f"Session({self.user.id}, …)"


@dataclass(frozen=True, slots=True)
class CodeToSend:
    """A code on its way. Personal, and secret."""

    contact: str
    code: str
    language: str

    def __repr__(self) -> str:
        return "CodeToSend(…)"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody whose code was right and who has no account yet. The proof is for their browser alone."""

    proof: str

    def __repr__(self) -> str:
        return "Newcomer(…)"


@dataclass(frozen=True, slots=True)
class Texting:
    """To whom codes go by text: numbers of these countries, and how many a day."""

    countries: frozenset[str]
    most_a_day: int
    most_a_country: int
    most_a_block: int


@dataclass(frozen=True, slots=True)
class Passkey:
    """What its owner sees of a passkey."""

    id: PasskeyId
    user: UserId
    name: str
    made_at: datetime
    used_at: datetime | None
    is_copied: bool


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """This house as browsers know it: they answer for this origin and no other."""

    origin: str
    id: str


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made: the only time its secret is seen."""

    id: TokenId
    secret: str

    def __repr__(self) -> str:
        return f"NewToken({self.id}, …)"


@dataclass(frozen=True, slots=True)
class Token:
    """What may be known of a token afterwards."""

    id: TokenId
    user: UserId
    seller: SellerId
    name: str
    scopes: frozenset[str]
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class OneTap:
    """Where one tap sends things in a market, and how they are paid. Personal."""

    market: Country
    address: Address
    email: str
    method: str
    since: datetime

    def __repr__(self) -> str:
        return f"OneTap({self.market}, …)"


MARKET_RIGHTS = (
    "market.prices",
    "market.floors",
    "market.deals",
    "market.words",
    "market.texts",
    "market.appeals",
    "market.close",
)
"""What a manager may be allowed in their market: the shops' prices and floors there, how much a deal may
lower them, blocked words, the texts buyers read, answering appeals, closing and opening it."""


@dataclass(frozen=True, slots=True)
class Manager:
    """Who may change what in one market, by whose word and why."""

    user: UserId
    market: Country
    rights: frozenset[str]
    why: str
    granted_at: datetime
    granted_by: UserId | None

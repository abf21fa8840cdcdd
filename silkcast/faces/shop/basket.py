# SPDX-License-Identifier: Apache-2.0
"""Basket: what somebody is about to buy, carried in addresses and forms; where it goes, sealed in a cookie.

Nothing of a buyer is kept on our side before there is an order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar.datastructures import Cookie

from silkcast.faces.house import House
from silkcast.faces.shop.views import AddressLine
from silkcast.ground.ids import CouponId, ShowId, VariantId
from silkcast.ground.places import Address, Country
from silkcast.ground.refusals import NotFound
from silkcast.plumbing import postal
from silkcast.plumbing.vault import Vault

COOKIE = "receiver"
HOURS = 6
CONTEXT = "shop.receiver"
MOST_UNITS = 10
NUMBER = "number_"
"""How fields of forms begin that hold a receiver's number: number_PCCC."""


@dataclass(frozen=True, slots=True)
class Basket:
    """One variant, how many, which delivery and how it is paid; and the show it was seen in."""

    variant: VariantId
    units: int = 1
    delivery: str = ""
    payment: str = ""
    show: str = ""
    claim: str = ""
    """The claim of a flash deal that this finishes: `12-17`."""
    coupon: str = ""
    """The coupon that was in the price shown: its id, a dot, and the number of the claim. Set by the page."""

    @property
    def query(self) -> str:
        asked = {
            "units": str(self.units) if self.units > 1 else "",
            "delivery": self.delivery,
            "payment": self.payment,
            "show": self.show,
            "claim": self.claim,
        }
        given = {name: value for name, value in asked.items() if value}
        return f"?{urlencode(given)}" if given else ""

    @property
    def href(self) -> str:
        return f"/buy/{self.variant}{self.query}"

    @property
    def address_href(self) -> str:
        return f"/buy/{self.variant}/address{self.query}"

    @property
    def show_id(self) -> ShowId | None:
        try:
            return ShowId(UUID(self.show)) if self.show else None
        except ValueError:
            return None


def claim_in(name: str) -> tuple[int, int] | None:
    """Lane and number of a claim's name, if it is one."""
    lane, _, number = name.partition("-")
    if not (lane.isascii() and lane.isdigit() and number.isascii() and number.isdigit()):
        return None
    found = (int(lane), int(number))
    return found if max(found) < 2**63 else None


def coupon_in(name: str) -> tuple[CouponId, int] | None:
    """Coupon and number of a coupon's claim, if it is one."""
    id, _, number = name.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    try:
        return CouponId(UUID(id)), int(number)
    except ValueError:
        return None


def read(variant: UUID, given: Mapping[str, str]) -> Basket:
    """From an address's question or a form. What cannot be is left at its beginning."""
    chosen = given.get("variant", "")
    try:
        wanted = VariantId(UUID(chosen)) if chosen else VariantId(variant)
    except ValueError:
        raise NotFound from None
    units = given.get("units", "1")
    made = Basket(
        wanted,
        units=min(max(int(units), 1), MOST_UNITS) if units.isascii() and units.isdigit() else 1,
        delivery=given.get("delivery", "")[:80],
        payment=given.get("payment", "")[:40],
        show=given.get("show", ""),
        claim=given.get("claim", "") if claim_in(given.get("claim", "")) else "",
        coupon=given.get("coupon", "") if coupon_in(given.get("coupon", "")) else "",
    )
    return made if made.show_id else replace(made, show="")


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where it goes and who may be asked."""

    address: Address
    email: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """What customs there asks the receiver for, by its code."""

    def __repr__(self) -> str:
        return "Receiver(…)"

    @property
    def line(self) -> AddressLine:
        return AddressLine(self.address.name, postal.one_line(self.address))


def receiver_in(vault: Vault, cookie: str, market: str) -> Receiver | None:
    """Who is to receive it, if that is known and lies in this market."""
    if not cookie:
        return None
    try:
        fields = msgspec.json.decode(vault.open(cookie, CONTEXT), type=dict[str, str])
    except Exception:
        return None
    email = fields.pop("email", "")
    numbers = {name[len(NUMBER) :]: fields.pop(name) for name in list(fields) if name.startswith(NUMBER)}
    country = Country(fields.pop("country", ""))
    if country != market:
        return None
    return Receiver(Address(country=country, **fields), email, numbers)


def receiver_cookie(house: House, receiver: Receiver) -> Cookie:
    numbers = {NUMBER + code: number for code, number in receiver.numbers.items()}
    fields = {**asdict(receiver.address), "email": receiver.email, **numbers}
    sealed = house.database.vault.seal(msgspec.json.encode(fields).decode(), CONTEXT)
    return Cookie(
        COOKIE,
        value=sealed,
        path="/",
        max_age=HOURS * 3600,
        httponly=True,
        samesite="lax",
        secure=house.site.is_secure,
    )

# SPDX-License-Identifier: Apache-2.0
"""You: a person's own page, with the ways they come in."""

from __future__ import annotations

from litestar import Response

from silkcast.faces.asking import page
from silkcast.faces.house import House
from silkcast.faces.live.moderating import kept_shows
from silkcast.faces.shop.basket import Receiver
from silkcast.faces.shop.views import YouView
from silkcast.faces.visit import Visit
from silkcast.who.identity import ceremonies, one_tap, passkeys
from silkcast.who.identity.errors import NoPasskeysHere
from silkcast.who.identity.values import RelyingParty, User
from silkcast.who.sellers import service as sellers


def party_of(house: House) -> RelyingParty | None:
    """This house as browsers know it; nothing where they make no passkeys for its address."""
    try:
        return ceremonies.relying_party(house.site.address)
    except NoPasskeysHere:
        return None


async def you_page(
    house: House, person: User, visit: Visit, problem: str = "", status: int = 200
) -> Response[str]:
    async with house.database.read() as db:
        shops = await sellers.shops_of(db, person.id)
        kept = [(f"/moderate/{show.id}", show.titles) for show in await kept_shows(db, person)]
        taps = [(one.market, Receiver(one.address).line) for one in await one_tap.all_of_user(db, person.id)]
        keys = await passkeys.of_user(db, person.id)
    view = YouView(
        person.name,
        person.contact,
        "/log-out",
        shops[0].name if shops else None,
        kept,
        taps,
        passkeys=keys,
        makes_passkeys=party_of(house) is not None,
        problem=problem,
    )
    return page("account/you.html", view, visit, status=status)

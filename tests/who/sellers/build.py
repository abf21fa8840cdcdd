# SPDX-License-Identifier: Apache-2.0
"""Shops for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from silkcast.ground.ids import UserId, new_number, new_uuid
from silkcast.ground.language import Words
from silkcast.ground.places import Address, Country
from silkcast.plumbing.db import Tx
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import CustomsIdentity, NewSeller, Seller

ADDRESS = Address(
    country=Country("CN"),
    name="Lin Yue",
    street="88 Taoyang Road",
    city="Jingdezhen",
    region="Jiangxi",
    postcode="333000",
    phone="+867988430101",
)


def new_seller(**changes: Any) -> NewSeller:
    """A shop that may be opened as it is."""
    shop = NewSeller(
        slug=f"kiln-{new_number(6).lower()}",
        name=Words({"en": "Qinghe Kiln", "zh": "清禾窑"}),
        story=Words({"en": "Six people and one gas kiln."}),
        city="Jingdezhen",
        country=Country("CN"),
        legal_name="Jingdezhen Qinghe Ceramics Co., Ltd.",
        return_address=ADDRESS,
        customs=CustomsIdentity(trade_code="3602960EX1", ebc_code="3602960EX1", ebc_name="景德镇清禾陶瓷"),
    )
    return replace(shop, **changes)


async def open_shop(tx: Tx, **changes: Any) -> Seller:
    """An open shop of somebody's."""
    return await sellers.open_shop(tx, UserId(new_uuid()), new_seller(**changes))

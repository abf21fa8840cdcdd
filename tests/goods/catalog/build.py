# SPDX-License-Identifier: Apache-2.0
"""Products for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from silkcast.goods.catalog.values import NewProduct, NewVariant, Picture
from silkcast.ground.ids import FileId, new_number, new_uuid
from silkcast.ground.language import Words
from silkcast.ground.places import Country
from silkcast.ground.quantity import Size, Weight


def new_variant(**changes: Any) -> NewVariant:
    """A cup, packed."""
    variant = NewVariant(
        sku=f"CUP-{new_number(8)}",
        net=Weight(180),
        gross=Weight(260),
        size=Size(120, 120, 100),
        options={"colour": Words({"en": "Celadon", "fr": "Céladon"})},
    )
    return replace(variant, **changes)


def new_picture(**changes: Any) -> Picture:
    picture = Picture(FileId(new_uuid()), Words({"en": "A cup on a wooden table"}), 960, 960)
    return replace(picture, **changes)


def new_product(**changes: Any) -> NewProduct:
    """A product that may be listed as it is."""
    product = NewProduct(
        slug=f"cup-{new_number(8).lower()}",
        names=Words({"en": "Celadon tea cup", "zh": "青瓷杯"}),
        descriptions=Words({"en": "Thrown and glazed by hand."}),
        hs_code="691110",
        origin=Country("CN"),
        material=Words({"en": "porcelain"}),
        variants=(new_variant(),),
        pictures=(new_picture(),),
    )
    return replace(product, **changes)

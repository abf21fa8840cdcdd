# SPDX-License-Identifier: Apache-2.0
"""Listing: a product is written down or revised, with a customs code that exists."""

from __future__ import annotations

from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import NewProduct, Product
from silkcast.goods.duties import service as duties
from silkcast.ground.ids import ProductId, SellerId
from silkcast.plumbing.db import Tx

from .errors import UnknownHsCode


def check_hs(code: str) -> None:
    """Refuse a code that is not in the Harmonized System."""
    if not code.isascii() or not code.isdigit() or not duties.hs_exists(code):
        raise UnknownHsCode(code)


async def draft(tx: Tx, seller: SellerId, new: NewProduct) -> Product:
    check_hs(new.hs_code)
    return await catalog.draft(tx, seller, new)


async def revise(tx: Tx, id: ProductId, new: NewProduct, *, seller: SellerId, version: int) -> Product:
    check_hs(new.hs_code)
    return await catalog.revise(tx, id, new, seller=seller, version=version)

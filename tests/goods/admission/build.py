# SPDX-License-Identifier: Apache-2.0
"""Goods for tests."""

from __future__ import annotations

from typing import Any

from silkcast.goods.admission.values import Goods, Text
from silkcast.ground.ids import ProductId, new_uuid


def goods(name: str = "Celadon tea cup", language: str = "en", **changes: Any) -> Goods:
    """Something with a name; `description` is one more text."""
    texts = [Text("name", language, name)]
    if description := changes.pop("description", ""):
        texts.append(Text("description", language, description))
    made: dict[str, Any] = {"hs_code": "691110", "origin": "CN", "has_battery": False}
    made |= {"product": ProductId(new_uuid())} | changes
    return Goods(texts=tuple(texts), **made)

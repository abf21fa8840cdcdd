# SPDX-License-Identifier: Apache-2.0
"""Who answers for the goods: named in the settings, missed at the product until then."""

from __future__ import annotations

import httpx

from silkcast.who.sellers import answering
from tests.faces.build import Town

ANNA = {
    "answerable-EU-name": "Anna Weber GmbH",
    "answerable-EU-address": "Lindenstraße 4, 10969 Berlin",
    "answerable-EU-email": "safety@weber.example",
}


async def test_the_product_says_who_is_missing_until_somebody_is_named(
    town: Town, seller: httpx.AsyncClient
) -> None:
    path = f"/studio/products/{town.product.id}"
    before = (await seller.get(path)).text
    broken = await seller.post("/studio/settings/answering", data=ANNA | {"answerable-EU-email": "nobody"})
    saved = await seller.post("/studio/settings/answering", data=ANNA)
    after = (await seller.get(path)).text
    shown = (await seller.get("/studio/settings")).text

    assert "your goods: EU. Nobody is named yet." in before
    assert broken.status_code == 422
    assert 'value="nobody"' in broken.text, "what was typed stays"
    assert saved.status_code == 303
    assert "your goods: EU. Nobody is named yet." not in after
    assert "Lindenstraße 4, 10969 Berlin" in shown
    async with town.database.read() as db:
        assert (await answering.answerable(db, town.seller.id))["EU"].email == "safety@weber.example"

    await seller.post("/studio/settings/answering", data=dict.fromkeys(ANNA, ""))
    async with town.database.read() as db:
        assert await answering.answerable(db, town.seller.id) == {}

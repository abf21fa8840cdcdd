# SPDX-License-Identifier: Apache-2.0
"""A chat in the reader's language: on demand, and only what everybody in the room may read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from silkcast.faces.throttling import TRANSLATE
from silkcast.ground.ids import new_uuid
from silkcast.ground.language import Words
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Author, Line, Saying
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import NewShow
from silkcast.who.sellers import service as sellers
from silkcast.who.translations import service as translations
from silkcast.who.translations.values import NewTerm
from tests.faces.build import Town, visitor

JSON = {"accept": "application/json"}


async def said(town: Town, text: str, language: str = "fr", key: str = "camille") -> Line:
    async with town.database.write() as tx:
        saying = Saying(Author("viewer", key, key.title()), text, language, "FR")
        return await chat.say(tx, town.show.id, town.seller.id, saying)


async def translate(client: httpx.AsyncClient, show: object, line: object, **headers: str) -> httpx.Response:
    return await client.post(f"/live/{show}/chat/{line}/translation", headers={**JSON, **headers})


async def translate_all(client: httpx.AsyncClient, town: Town, *lines: object) -> httpx.Response:
    body = {"lines": [str(line) for line in lines]}
    return await client.post(f"/live/{town.show.id}/chat/translations", json=body, headers=JSON)


async def test_a_line_is_translated_for_its_reader(town: Town, french: httpx.AsyncClient) -> None:
    line = await said(town, "Merci beaucoup !")

    answer = await translate(french, town.show.id, line.id)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.json() == {
        "text": "Thank you very much !",
        "language": "en",
        "from": "fr",
        "engine": "sandbox",
    }


async def test_letters_that_are_not_the_pages_are_foreign(town: Town) -> None:
    line = await said(town, "能寄到法国吗？", "fr")
    async with visitor(town, language="fr") as client:
        answer = await translate(client, town.show.id, line.id)

    assert (answer.json()["text"], answer.json()["from"]) == ("Livrez-vous en France?", "zh")


async def test_the_shops_glossary_is_kept_to(town: Town, french: httpx.AsyncClient) -> None:
    line = await said(town, "Combien coûte Rivière Claire ?")
    async with town.database.write() as tx:
        term = NewTerm("fr", "en", "Rivière Claire", "Qinghe")
        await translations.add_terms(tx, town.seller.id, [term])

    assert (await translate(french, town.show.id, line.id)).json()["text"] == "How much is the Qinghe ?"


async def test_one_in_the_readers_own_language_is_not(town: Town, french: httpx.AsyncClient) -> None:
    own = await said(town, "how much", "en")
    bare = await said(town, "+1 😀", "fr")

    for line in (own, bare):
        answer = await translate(french, town.show.id, line.id)
        assert (answer.status_code, answer.json()["code"]) == (409, "translations.not_translated")


async def test_what_is_hidden_held_or_of_another_show_is_not_translated(
    town: Town, french: httpx.AsyncClient
) -> None:
    hidden = await said(town, "Trop cher")
    held = await said(town, "écrivez à moi@exemple.fr", key="paul")
    shown = await said(town, "Magnifique", key="zoe")
    async with town.database.write() as tx:
        await chat.hide(tx, town.show.id, hidden.id)
        plan = NewShow(Words({"en": "Another"}), tx.now + timedelta(hours=1), (town.product.id,))
        other = await rooms.plan_show(tx, town.seller.id, plan)
    assert held.state == "held"

    tries = [
        (town.show.id, hidden.id),
        (town.show.id, held.id),
        (other.id, shown.id),
        (town.show.id, new_uuid()),
    ]
    for show, line in tries:
        answer = await translate(french, show, line)
        assert (answer.status_code, answer.json()["code"]) == (404, "chat.no_such_line")
    several = await translate_all(french, town, hidden.id, held.id, shown.id, new_uuid())
    assert set(several.json()["lines"]) == {str(shown.id)}


async def test_a_translated_line_that_is_hidden_is_gone(town: Town, french: httpx.AsyncClient) -> None:
    line = await said(town, "Magnifique")
    assert (await translate(french, town.show.id, line.id)).status_code == 200
    async with town.database.write() as tx:
        await chat.hide(tx, town.show.id, line.id)

    assert (await translate(french, town.show.id, line.id)).status_code == 404


async def test_a_show_that_is_none_or_a_shop_that_is_closed_has_no_translations(
    town: Town, french: httpx.AsyncClient
) -> None:
    line = await said(town, "Magnifique")
    assert (await translate(french, new_uuid(), line.id)).status_code == 404
    async with town.database.write() as tx:
        await sellers.suspend(tx, town.seller.id, "papers")

    assert (await translate(french, town.show.id, line.id)).status_code == 404


async def test_several_lines_come_at_once_and_what_needs_none_is_left_out(
    town: Town, french: httpx.AsyncClient
) -> None:
    first = await said(town, "Magnifique")
    second = await said(town, "多少钱", "zh", "mei")
    own = await said(town, "how much", "en", "ann")

    answer = await translate_all(french, town, first.id, second.id, own.id, first.id)

    made: dict[str, Any] = answer.json()["lines"]
    assert {id: one["text"] for id, one in made.items()} == {
        str(first.id): "Beautiful",
        str(second.id): "How much",
    }


async def test_too_many_or_no_lines_are_refused(town: Town, french: httpx.AsyncClient) -> None:
    for lines in ([], [new_uuid() for _ in range(21)]):
        answer = await translate_all(french, town, *lines)
        assert (answer.status_code, answer.json()["code"]) == (422, "request.bad")
    nonsense = await french.post(
        f"/live/{town.show.id}/chat/translations", json={"lines": ["x"]}, headers=JSON
    )
    assert nonsense.status_code == 422


async def test_other_sites_cannot_ask(town: Town, french: httpx.AsyncClient) -> None:
    line = await said(town, "Magnifique")

    answer = await translate(french, town.show.id, line.id, **{"sec-fetch-site": "cross-site"})

    assert (answer.status_code, answer.json()["code"]) == (403, "request.cross_site")


async def test_one_address_cannot_ask_without_end(town: Town) -> None:
    line = await said(town, "Magnifique")
    transport = httpx.ASGITransport(app=town.running.app, client=("81.2.69.160", 4))  # type: ignore[arg-type]
    headers = {"sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers) as client:
        client.cookies.update({"market": "FR", "language": "en"})
        for _ in range(TRANSLATE.most):
            town.running.house.throttle.count(
                TRANSLATE, "81.2.69.160", town.database.clock.now(), is_behind_proxy=False
            )
        answer = await translate(client, town.show.id, line.id)

    assert (answer.status_code, answer.json()["code"]) == (429, "request.too_often")
    assert int(answer.headers["retry-after"]) > 0

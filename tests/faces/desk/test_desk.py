# SPDX-License-Identifier: Apache-2.0
"""The operator's desk: only operators see it, every act is noted, and a suspended shop sells nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from silkcast.ground.ids import new_uuid
from silkcast.ground.money import Currency, Money
from silkcast.main import Running
from silkcast.money.ledger import service as ledger
from silkcast.money.ledger.values import Account, Entry
from silkcast.plumbing.db import Database
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.port import Begun
from silkcast.watch.audit import service as audit
from silkcast.watch.notices.values import Letter
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Seller
from silkcast.who.translations import service as translations
from tests.faces.running import Person, browser, person, run_house
from tests.trade.orders.build import new_order
from tests.who.sellers.build import open_shop

PAGES = (
    "/desk",
    "/desk/sellers",
    "/desk/orders",
    "/desk/declarations",
    "/desk/payments",
    "/desk/appeals",
    "/desk/appeals?status=all&market=SA&q=toy",
    "/desk/failed",
    "/desk/ledger",
    "/desk/audit",
    "/desk/promises",
    "/desk/notices",
    "/desk/glossary",
    "/desk/mailbox",
)

SUM = Money.of("31.00", "EUR")


@dataclass(slots=True)
class Desk:
    running: Running
    database: Database
    operator: Person
    http: httpx.AsyncClient


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    running = run_house(database, tmp_path)
    operator = await person(database, name="Ada Wen", is_operator=True)
    async with browser(running, operator.session) as http:
        yield Desk(running, database, operator, http)


async def shop_in(database: Database) -> Seller:
    async with database.write() as tx:
        return await open_shop(tx)


async def order_in(database: Database, shop: Seller) -> Order:
    async with database.write() as tx:
        return (await orders.place(tx, new_order(seller=shop.id), key=str(uuid4()))).order


async def verbs(database: Database) -> list[str]:
    async with database.read() as db:
        return [entry.verb for entry in await audit.entries(db)]


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_every_page_opens_for_an_operator(desk: Desk, language: str) -> None:
    for path in PAGES:
        answer = await desk.http.get(path, headers={"accept-language": language})

        assert answer.status_code == 200, (path, answer.text[:400])
        assert f'lang="{language}"' in answer.text


async def test_others_learn_nothing_and_strangers_log_in(desk: Desk) -> None:
    somebody = await person(desk.database)

    async with browser(desk.running, somebody.session) as http, browser(desk.running) as stranger:
        for path in PAGES:
            assert (await http.get(path)).status_code == 404
            to_log_in = await stranger.get(path)
            assert to_log_in.status_code == 303
            assert to_log_in.headers["location"] == f"/log-in?next={quote(path, safe='')}"


async def test_a_shop_is_suspended_for_a_reason_and_noted(desk: Desk) -> None:
    shop = await shop_in(desk.database)

    answer = await desk.http.post(f"/desk/sellers/{shop.id}/suspend", data={"reason": "copied brand"})

    assert answer.status_code == 303
    async with desk.database.read() as db:
        assert (await sellers.seller(db, shop.id)).status == "suspended"
        (entry,) = await audit.entries(db, object_id=str(shop.id))
    assert (entry.verb, entry.actor, entry.facts) == (
        "seller.suspended",
        desk.operator.user.id,
        {"reason": "copied brand"},
    )
    assert "copied brand" in (await desk.http.get(f"/desk/sellers/{shop.id}")).text

    await desk.http.post(f"/desk/sellers/{shop.id}/reinstate")

    async with desk.database.read() as db:
        assert (await sellers.seller(db, shop.id)).is_active
    assert await verbs(desk.database) == ["seller.reinstated", "seller.suspended"]


async def test_without_a_reason_nothing_happens(desk: Desk) -> None:
    shop = await shop_in(desk.database)

    answer = await desk.http.post(f"/desk/sellers/{shop.id}/suspend", data={"reason": "  "})

    assert answer.status_code == 422
    async with desk.database.read() as db:
        assert (await sellers.seller(db, shop.id)).is_active
    assert await verbs(desk.database) == []


async def test_only_operators_suspend(desk: Desk) -> None:
    shop = await shop_in(desk.database)
    owner = await person(desk.database)

    async with browser(desk.running, owner.session) as http:
        answer = await http.post(f"/desk/sellers/{shop.id}/suspend", data={"reason": "a rival"})

    assert answer.status_code == 404
    async with desk.database.read() as db:
        assert (await sellers.seller(db, shop.id)).is_active


async def test_shops_are_found_by_name_address_or_city(desk: Desk) -> None:
    shop = await shop_in(desk.database)

    assert str(shop.id) in (await desk.http.get("/desk/sellers", params={"q": "清禾"})).text
    assert str(shop.id) not in (await desk.http.get("/desk/sellers", params={"q": "Oslo"})).text


async def test_orders_are_found_by_number_and_shown_whole(desk: Desk) -> None:
    order = await order_in(desk.database, await shop_in(desk.database))

    listed = await desk.http.get("/desk/orders", params={"q": order.number[:6], "status": "held"})
    whole = await desk.http.get(f"/desk/orders/{order.number}")
    again = await desk.http.get(f"/desk/orders/{order.number}")
    assert again.status_code == 200
    assert "order.seen" in again.text  # that somebody looked stands there as well
    none = await desk.http.get("/desk/orders", params={"market": "SA"})

    assert order.number in listed.text
    assert order.number not in none.text
    assert whole.status_code == 200
    for told in ("Léa Martin", "CUP-10", "69003 Lyon"):
        assert told in whole.text
    assert (await desk.http.get("/desk/orders/0000000000")).status_code == 404
    # and once more, with the look before in its log
    assert "order.seen" in (await desk.http.get(f"/desk/orders/{order.number}")).text
    assert "order.seen" in await verbs(desk.database)


async def test_the_sheet_has_sums_and_no_names(desk: Desk) -> None:
    order = await order_in(desk.database, await shop_in(desk.database))

    sheet = await desk.http.get("/desk/orders/sheet.csv")

    assert sheet.headers["content-type"].startswith("text/csv")
    assert f"{order.number}," in sheet.text
    assert "39.48" in sheet.text
    assert "Martin" not in sheet.text


async def test_shops_and_the_log_go_into_sheets(desk: Desk) -> None:
    shop = await shop_in(desk.database)
    reason = {"reason": "=copied brand"}
    await desk.http.post(f"/desk/sellers/{shop.id}/suspend", data=reason)

    shops = await desk.http.get("/desk/sellers/sheet.csv?status=suspended")
    log = await desk.http.get("/desk/audit/sheet.csv?verb=seller")
    none = await desk.http.get("/desk/sellers/sheet.csv?status=active")

    assert f"{shop.slug}," in shops.text
    assert shop.slug not in none.text
    assert "Ada Wen,seller.suspended,seller" in log.text
    assert "sellers.exported" in await verbs(desk.database)
    assert "audit.exported" in await verbs(desk.database)


async def test_the_books_are_asked_by_the_orders_number(desk: Desk) -> None:
    shop = await shop_in(desk.database)
    order = await order_in(desk.database, shop)
    async with desk.database.write() as tx:
        owed = Account("seller_payable", str(shop.id), Currency("EUR"))
        sides = [Entry(Account("bank", None, owed.currency), SUM), Entry(owed, -SUM)]
        await ledger.post(tx, "sale", order.id, sides, key="sale/1")

    page = await desk.http.get(f"/desk/ledger?reference={order.number.lower()}")

    assert order.number in page.text
    assert shop.name.text("en") in page.text
    assert str(shop.id) not in page.text


async def test_a_cash_refund_is_marked_as_sent_once(desk: Desk) -> None:
    order = await order_in(desk.database, await shop_in(desk.database))
    async with desk.database.write() as tx:
        payment = await payments.start(tx, order.id, order.total, "cod", "cod", key=str(new_uuid()))
        await payments.note_begun(tx, payment.id, Begun("succeeded", f"cod-{payment.id}"))
        refund = await payments.refund_start(
            tx, payment.id, Money.of("5.00", "EUR"), key="back", why="return"
        )

    assert order.number in (await desk.http.get("/desk/payments")).text
    answer = await desk.http.post(f"/desk/refunds/{refund.id}/sent")

    assert answer.status_code == 303
    async with desk.database.read() as db:
        assert (await payments.refund(db, refund.id)).status == "succeeded"
        assert (await payments.payment(db, payment.id)).refunded == Money.of("5.00", "EUR")
    assert str(refund.id) not in (await desk.http.get("/desk/payments")).text
    assert "refund.sent_by_hand" in await verbs(desk.database)


async def test_letters_of_the_demo_are_read_at_the_desk(desk: Desk) -> None:
    await desk.running.house.scene.post.send(
        Letter("mei@example.org", "ar", "رمزك", "الرمز هو 123456"), key="one"
    )

    page = (await desk.http.get("/desk/mailbox")).text

    assert "الرمز هو 123456" in page
    assert "mei@example.org" in page


async def test_the_journal_is_plain_text(desk: Desk) -> None:
    answer = await desk.http.get("/desk/ledger/journal.txt")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert await verbs(desk.database) == ["ledger.exported"]


async def test_unknown_work_cannot_be_dropped(desk: Desk) -> None:
    job = await desk.http.post("/desk/failed/jobs/77/drop", data={"reason": "old"})
    reaction = await desk.http.post(f"/desk/failed/reactions/{uuid4()}/notices.paid/retry")

    assert (job.status_code, reaction.status_code) == (404, 404)
    assert await verbs(desk.database) == []


async def ended_order(desk: Desk) -> Order:
    order = await order_in(desk.database, await shop_in(desk.database))
    async with desk.database.write() as tx:
        return await orders.move(tx, order.id, "cancelled", "buyer")


async def buyer_of(desk: Desk, order: Order) -> str:
    async with desk.database.read() as db:
        return (await orders.order(db, order.id)).buyer.name


async def test_a_buyer_is_erased_for_a_reason_once_and_noted(desk: Desk) -> None:
    order = await ended_order(desk)
    path = f"/desk/orders/{order.number}"
    assert f"{path}/erase" in (await desk.http.get(path)).text
    form = {"reason": "asked for by letter", "what": order.number.lower()}

    answer = await desk.http.post(f"{path}/erase", data=form)
    again = await desk.http.post(f"{path}/erase", data=form)

    assert (answer.status_code, again.status_code) == (303, 303)
    assert await buyer_of(desk, order) == ""
    page = (await desk.http.get(path)).text
    assert "Erased on" in page
    for gone in ("Léa Martin", "Lilas", f"{path}/erase"):
        assert gone not in page
    async with desk.database.read() as db:
        noted = await audit.entries(db, verb="order.buyer_erased")
    assert [(entry.actor, entry.facts) for entry in noted] == [
        (desk.operator.user.id, {"number": order.number, "reason": "asked for by letter"})
    ]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"reason": "  ", "what": "NUMBER"}, "desk.reason_missing"),
        ({"reason": "asked for", "what": "another"}, "desk.not_confirmed"),
        ({"reason": "asked for"}, "desk.not_confirmed"),
    ],
)
async def test_without_a_reason_or_the_number_no_buyer_is_erased(
    desk: Desk, form: dict[str, str], code: str
) -> None:
    order = await ended_order(desk)
    sent = {name: value.replace("NUMBER", order.number) for name, value in form.items()}

    answer = await desk.http.post(
        f"/desk/orders/{order.number}/erase", data=sent, headers={"accept": "application/json"}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await buyer_of(desk, order) == "Léa Martin"
    assert await verbs(desk.database) == []


async def test_a_buyer_who_is_still_needed_is_not_erased(desk: Desk) -> None:
    order = await order_in(desk.database, await shop_in(desk.database))
    path = f"/desk/orders/{order.number}"

    answer = await desk.http.post(
        f"{path}/erase",
        data={"reason": "asked for", "what": order.number},
        headers={"accept": "application/json"},
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "orders.still_needed")
    assert answer.json()["facts"] == {"state": "held"}
    assert await buyer_of(desk, order) == "Léa Martin"
    assert await verbs(desk.database) == []
    assert f"{path}/erase" not in (await desk.http.get(path)).text


async def test_only_operators_erase(desk: Desk) -> None:
    order = await ended_order(desk)
    somebody = await person(desk.database)
    form = {"reason": "a rival", "what": order.number}

    async with browser(desk.running, somebody.session) as http, browser(desk.running) as stranger:
        theirs = await http.post(f"/desk/orders/{order.number}/erase", data=form)
        nobodys = await stranger.post(f"/desk/orders/{order.number}/erase", data=form)
    missing = await desk.http.post("/desk/orders/0000000000/erase", data=form)

    assert (theirs.status_code, nobodys.status_code, missing.status_code) == (404, 401, 404)
    assert await buyer_of(desk, order) == "Léa Martin"


async def test_the_houses_words_are_added_brought_and_removed_and_noted(desk: Desk) -> None:
    term = {"source": "en", "target": "fr", "word": "kiln", "meaning": "four"}
    file = b"source,target,word,meaning\nen,fr,glaze,email\n"
    added = await desk.http.post("/desk/glossary", data=term)
    wrong = await desk.http.post("/desk/glossary", data={**term, "meaning": ""})
    brought = await desk.http.post("/desk/glossary/import", files={"file": ("w.csv", file, "text/csv")})
    nothing = await desk.http.post("/desk/glossary/import", files={"file": ("w.csv", b"", "text/csv")})
    async with desk.database.read() as db:
        glaze, kiln = await translations.terms(db, None)
    removed = await desk.http.post(f"/desk/glossary/{glaze.id}/remove")
    again = await desk.http.post(f"/desk/glossary/{glaze.id}/remove")

    assert [one.status_code for one in (added, brought, removed)] == [303] * 3
    assert [one.status_code for one in (wrong, nothing, again)] == [422, 422, 404]
    assert 'value="kiln"' in wrong.text
    assert (kiln.seller, kiln.meaning) == (None, "four")
    assert "four" in (await desk.http.get("/desk/glossary")).text
    assert b"en,fr,kiln,four" in (await desk.http.get("/desk/glossary.csv")).content
    async with desk.database.read() as db:
        verbs = sorted(entry.verb for entry in await audit.entries(db, object_id="house"))
    assert verbs == ["glossary.added", "glossary.imported", "glossary.removed"]


async def test_nobody_else_changes_the_houses_words(desk: Desk) -> None:
    somebody = await person(desk.database)
    term = {"source": "en", "target": "fr", "word": "kiln", "meaning": "four"}
    async with browser(desk.running, somebody.session) as http, browser(desk.running) as stranger:
        assert (await http.post("/desk/glossary", data=term)).status_code == 404
        assert (await stranger.post("/desk/glossary", data=term)).status_code in (303, 401)

    async with desk.database.read() as db:
        assert await translations.terms(db, None) == ()

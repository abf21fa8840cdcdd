# SPDX-License-Identifier: Apache-2.0
"""The JSON API: tokens and scopes, keys that answer alike, versions, cursors, and whose things are whose."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from silkcast.faces.api.access import PER_MINUTE
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import SellerId, new_number
from silkcast.main import Running
from silkcast.plumbing.db import Database
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import SCOPES
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Seller
from tests.faces.running import Person, browser, person, run_house
from tests.trade.orders.build import new_order
from tests.who.sellers.build import ADDRESS, new_seller

V1 = "/api/v1"


@dataclass(slots=True)
class Program:
    """A shop, and a program of it with a token."""

    running: Running
    database: Database
    owner: Person
    shop: Seller
    http: httpx.AsyncClient
    warehouse: str


async def token(database: Database, owner: Person, shop: Seller, *scopes: str) -> str:
    async with database.write() as tx:
        made = await identity.make_token(
            tx, owner.user.id, shop.id, name="warehouse program", scopes=scopes or SCOPES
        )
    return made.secret


def client(running: Running, secret: str) -> httpx.AsyncClient:
    return browser(running, accept="application/json", authorization=f"Bearer {secret}")


async def shop_of(database: Database) -> tuple[Person, Seller, str]:
    owner = await person(database)
    async with database.write() as tx:
        shop = await sellers.open_shop(tx, owner.user.id, new_seller())
        warehouse = await sellers.add_warehouse(tx, shop.id, "Kiln", ADDRESS)
    return owner, shop, str(warehouse.id)


@pytest.fixture
async def program(database: Database, tmp_path: Path) -> AsyncIterator[Program]:
    running = run_house(database, tmp_path)
    owner, shop, warehouse = await shop_of(database)
    async with client(running, await token(database, owner, shop)) as http:
        yield Program(running, database, owner, shop, http, warehouse)


def key() -> dict[str, str]:
    return {"idempotency-key": str(uuid4())}


def product_body(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "slug": f"cup-{new_number(8).lower()}",
        "names": {"en": "Celadon cup", "zh": "青瓷杯"},
        "hs_code": "691110",
        "origin": "CN",
        "variants": [
            {
                "sku": f"CUP-{new_number(6)}",
                "net_grams": 180,
                "gross_grams": 260,
                "size": {"length_mm": 120, "width_mm": 120, "height_mm": 100},
                "options": {"colour": {"en": "Celadon"}},
            }
        ],
    }
    return body | changes


async def made_product(program: Program) -> dict[str, Any]:
    answer = await program.http.post(f"{V1}/products", json=product_body(), headers=key())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def is_problem(answer: httpx.Response, status: int, code: str) -> bool:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == code, answer.text
    assert answer.json()["status"] == status
    return True


async def test_a_product_is_made_read_and_listed(program: Program) -> None:
    made = await made_product(program)

    read = await program.http.get(f"{V1}/products/{made['id']}")
    listed = await program.http.get(f"{V1}/products")

    assert read.json() == made
    assert read.headers["etag"] == f'"{made["version"]}"'
    assert [one["id"] for one in listed.json()["items"]] == [made["id"]]
    assert (made["status"], made["names"]["zh"]) == ("draft", "青瓷杯")


async def test_without_a_good_token_nothing_is_told(program: Program) -> None:
    async with browser(program.running) as stranger, client(program.running, "silk_wrong") as forger:
        for http in (stranger, forger):
            answer = await http.get(f"{V1}/products")
            assert is_problem(answer, 401, "api.bad_token")
            assert "bearer" in answer.headers["www-authenticate"].lower()


async def test_a_revoked_token_is_a_bad_one(program: Program) -> None:
    async with program.database.write() as tx:
        (known,) = await identity.tokens(tx, program.shop.id)
        await identity.revoke_token(tx, program.shop.id, known.id)

    assert is_problem(await program.http.get(f"{V1}/products"), 401, "api.bad_token")


async def test_a_token_does_only_what_its_scopes_say(program: Program) -> None:
    secret = await token(program.database, program.owner, program.shop, "catalog:read")
    async with client(program.running, secret) as reader:
        assert (await reader.get(f"{V1}/products")).status_code == 200
        refused = await reader.post(f"{V1}/products", json=product_body(), headers=key())

    assert is_problem(refused, 403, "api.scope_missing")
    assert refused.json()["facts"] == {"scope": "catalog:write"}
    assert (await program.http.get(f"{V1}/products")).json()["items"] == []


async def test_the_same_key_is_answered_alike(program: Program) -> None:
    headers, body = key(), product_body()

    first = await program.http.post(f"{V1}/products", json=body, headers=headers)
    again = await program.http.post(f"{V1}/products", json=body, headers=headers)
    other = await program.http.post(f"{V1}/products", json=product_body(), headers=headers)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert is_problem(other, 409, "answers.key_reused")
    assert len((await program.http.get(f"{V1}/products")).json()["items"]) == 1


async def test_a_refused_request_leaves_its_key_free(program: Program) -> None:
    headers = key()

    refused = await program.http.post(f"{V1}/products", json=product_body(hs_code="999999"), headers=headers)
    mended = await program.http.post(f"{V1}/products", json=product_body(), headers=headers)

    assert is_problem(refused, 422, "listing.unknown_hs_code")
    assert mended.status_code == 201


async def test_what_creates_asks_for_a_key_and_names_wrong_fields(program: Program) -> None:
    keyless = await program.http.post(f"{V1}/products", json=product_body())
    faulty = await program.http.post(f"{V1}/products", json=product_body(variants="many"), headers=key())

    assert is_problem(keyless, 422, "request.bad")
    assert is_problem(faulty, 422, "request.bad")
    assert faulty.json()["faults"]


async def test_a_revision_needs_the_version_it_was_read_at(program: Program) -> None:
    made = await made_product(program)
    place, tag = f"{V1}/products/{made['id']}", {"if-match": f'"{made["version"]}"'}
    body = {
        name: made[name] for name in ("slug", "hs_code", "origin", "variants", "pictures", "restrictions")
    } | {"names": {"en": "Celadon cup, large"}}
    for variant in body["variants"]:
        del variant["id"]

    revised = await program.http.put(place, json=body, headers=tag)
    late = await program.http.put(place, json=body, headers=tag)
    strange = await program.http.put(place, json=body, headers={"if-match": "W/abc"})

    assert revised.status_code == 200, revised.text
    assert revised.json()["names"] == {"en": "Celadon cup, large"}
    assert revised.headers["etag"] != tag["if-match"]
    assert is_problem(late, 412, "catalog.changed")
    assert is_problem(strange, 422, "api.bad_field")


async def test_lists_go_by_cursor(program: Program, clock: SetClock) -> None:
    made = []
    for _ in range(3):
        made.append((await made_product(program))["id"])
        clock.advance(timedelta(seconds=1))

    first = (await program.http.get(f"{V1}/products", params={"limit": 2})).json()
    second = (await program.http.get(f"{V1}/products", params={"limit": 2, "after": first["next"]})).json()
    wrong = await program.http.get(f"{V1}/products", params={"after": "nonsense"})

    assert sorted(one["id"] for one in first["items"] + second["items"]) == sorted(made)
    assert (len(first["items"]), second["next"]) == (2, None)
    assert is_problem(wrong, 422, "paging.bad_cursor")


async def test_prices_and_stock(program: Program) -> None:
    made = await made_product(program)
    variant = made["variants"][0]["id"]

    priced = await program.http.put(
        f"{V1}/variants/{variant}/prices/FR", json={"amount": "48.00", "currency": "EUR"}
    )
    wrong = await program.http.put(
        f"{V1}/variants/{variant}/prices/FR", json={"amount": "48.001", "currency": "EUR"}
    )
    nothing = await program.http.put(
        f"{V1}/variants/{variant}/prices/FR", json={"amount": "0.00", "currency": "EUR"}
    )
    received = await program.http.post(
        f"{V1}/stock/receipts",
        json={"variant": variant, "warehouse": program.warehouse, "units": 40},
        headers=key(),
    )
    lowered = await program.http.post(
        f"{V1}/stock/adjustments",
        json={"variant": variant, "warehouse": program.warehouse, "change": -41, "why": "count"},
        headers=key(),
    )

    assert priced.json()["price"] == {"amount": "48.00", "currency": "EUR"}
    assert is_problem(wrong, 422, "pricing.bad_price")
    assert is_problem(nothing, 422, "pricing.bad_price")
    assert (received.status_code, received.json()["free"]) == (201, 40)
    assert is_problem(lowered, 409, "stock.spoken_for")
    assert (await program.http.get(f"{V1}/products/{made['id']}/prices")).json()["items"] == [priced.json()]
    assert (await program.http.get(f"{V1}/products/{made['id']}/stock")).json()["items"] == [received.json()]
    assert (await program.http.delete(f"{V1}/variants/{variant}/prices/FR")).status_code == 204


async def order_of(database: Database, seller: SellerId) -> Order:
    async with database.write() as tx:
        return (await orders.place(tx, new_order(seller=seller), key=str(uuid4()))).order


async def test_anothers_things_are_not_found(program: Program) -> None:
    made = await made_product(program)
    order = await order_of(program.database, program.shop.id)
    show = await program.http.post(
        f"{V1}/shows",
        json={"titles": {"en": "Evening tea"}, "starts_at": "2026-12-01T12:00:00Z"},
        headers=key(),
    )
    hook = await program.http.post(
        f"{V1}/hooks", json={"url": "https://erp.example/in", "kinds": ["order.paid"]}, headers=key()
    )
    assert (show.status_code, hook.status_code) == (201, 201), (show.text, hook.text)
    owner, shop, warehouse = await shop_of(program.database)
    variant = made["variants"][0]["id"]
    show_id, hook_id = show.json()["id"], hook.json()["hook"]["id"]

    async with client(program.running, await token(program.database, owner, shop)) as rival:
        for path in (
            f"/products/{made['id']}",
            f"/products/{made['id']}/stock",
            f"/products/{made['id']}/prices",
            f"/orders/{order.id}",
            f"/orders/{order.id}/transfers",
            f"/shows/{show_id}",
            f"/shows/{show_id}/stream",
            f"/hooks/{hook_id}",
            f"/hooks/{hook_id}/deliveries",
        ):
            assert (await rival.get(V1 + path)).status_code == 404, path
        for path in (
            f"/orders/{order.id}/dispatch",
            f"/shows/{show_id}/start",
            f"/shows/{show_id}/end",
            f"/hooks/{hook_id}/secret",
            f"/products/{made['id']}/withdrawal",
        ):
            assert (await rival.post(V1 + path)).status_code == 404, path
        price = {"amount": "1.00", "currency": "EUR"}
        assert (await rival.put(f"{V1}/variants/{variant}/prices/FR", json=price)).status_code == 404
        stolen = {"variant": variant, "warehouse": warehouse, "units": 1}
        assert (await rival.post(f"{V1}/stock/receipts", json=stolen, headers=key())).status_code == 404
        assert (await rival.get(f"{V1}/orders")).json()["items"] == []
        foreign = {"variant": variant, "warehouse": program.warehouse, "units": 1}
        assert (await rival.post(f"{V1}/stock/receipts", json=foreign, headers=key())).status_code == 404

    assert (await program.http.get(f"{V1}/orders/{order.id}")).json()["number"] == order.number


async def test_a_show_is_planned_begun_pinned_and_ended(program: Program) -> None:
    made = await made_product(program)
    planned = (
        await program.http.post(
            f"{V1}/shows",
            json={
                "titles": {"en": "Evening tea"},
                "starts_at": "2026-12-01T12:00:00Z",
                "run": [made["id"]],
            },
            headers=key(),
        )
    ).json()
    place = f"{V1}/shows/{planned['id']}"

    stream = (await program.http.get(f"{place}/stream")).json()
    live = await program.http.post(f"{place}/start")
    pinned = await program.http.put(f"{place}/pin", json={"product": made["id"]})
    strange = await program.http.put(f"{place}/pin", json={"product": str(uuid4())})
    unpinned = await program.http.delete(f"{place}/pin")
    ended = await program.http.post(f"{place}/end")

    assert stream["rtmp_url"].startswith("rtmp://")
    assert stream["key"]
    assert live.json()["state"] == "live"
    assert pinned.json()["product"] == made["id"]
    assert strange.status_code in (404, 409, 422)
    assert unpinned.status_code == 204
    assert ended.json()["state"] == "ended"


async def test_orders_are_filtered_and_not_sent_before_they_are_paid(program: Program) -> None:
    order = await order_of(program.database, program.shop.id)

    held = await program.http.get(f"{V1}/orders", params={"state": "held", "market": "FR"})
    paid = await program.http.get(f"{V1}/orders", params={"state": "paid"})
    wrong = await program.http.get(f"{V1}/orders", params={"state": "lost"})
    sent = await program.http.post(f"{V1}/orders/{order.id}/dispatch")

    (one,) = held.json()["items"]
    assert one["total"] == {"amount": "39.48", "currency": "EUR"}
    assert [line["kind"] for line in one["price_lines"]] == ["goods", "freight", "duty", "tax"]
    assert paid.json() == {"items": [], "next": None}
    assert is_problem(wrong, 422, "request.bad")
    assert is_problem(sent, 409, "dispatch.not_dispatchable")


async def test_too_often_is_told_when_to_come_back(program: Program) -> None:
    for _ in range(PER_MINUTE):
        answer = await program.http.get(f"{V1}/hooks/{uuid4()}")
        if answer.status_code == 429:
            break
    answer = await program.http.get(f"{V1}/hooks/{uuid4()}")

    assert is_problem(answer, 429, "api.too_often")
    assert int(answer.headers["retry-after"]) in range(1, 61)


async def test_the_window_tells_markets_and_whole_prices(program: Program) -> None:
    made = await made_product(program)
    variant = made["variants"][0]["id"]
    async with browser(program.running) as anybody:
        markets = (await anybody.get(f"{V1}/markets")).json()["items"]
        draft = await anybody.get(f"{V1}/offers", params={"variant": variant, "market": "FR"})
        unknown = await anybody.get(f"{V1}/offers", params={"variant": str(uuid4()), "market": "FR"})
        nowhere = await anybody.get(f"{V1}/offers", params={"variant": variant, "market": "ZZ"})
        secret = await anybody.get(f"{V1}/checkouts/nobody-knows")

    assert {"FR", "US", "SA", "SG"} <= {one["code"] for one in markets}
    assert is_problem(draft, 409, "quotes.not_sold_here") or draft.status_code == 422
    assert (unknown.status_code, nowhere.status_code, secret.status_code) == (404, 404, 404)


async def test_the_document_and_its_page(program: Program) -> None:
    async with browser(program.running) as anybody:
        document = (await anybody.get("/api/openapi.json")).json()
        page = (await anybody.get("/api/docs")).text

    assert document["openapi"].startswith("3.1")
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["operationId"] in page
    assert "http://" not in page.replace("http://shop.test", "")

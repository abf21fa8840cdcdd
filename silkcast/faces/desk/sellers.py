# SPDX-License-Identifier: Apache-2.0
from uuid import UUID

from litestar import Response, get, post
from litestar.params import URLEncodedBody

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.spreadsheet import as_csv
from silkcast.faces.visit import Visit
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import SellerId
from silkcast.money.ledger import service as ledger
from silkcast.watch.audit import service as audit
from silkcast.who.identity.values import User
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Seller, Status

from .side import MOST_ROWS, PER_PAGE, Why, address, desk_page, reason_of, seen_to
from .views import SellerPage, SellersPage, ShopRow
from .words import said

STATUS: dict[str, Status] = {"active": "active", "suspended": "suspended"}


@get("/sellers")
async def list_sellers(
    house: House, visit: Visit, operator: User, q: str = "", status: str = "", after: str | None = None
) -> Response[str]:
    async with house.database.read() as db:
        found = await sellers.sellers(
            db, status=STATUS.get(status), text=q or None, after=after or None, limit=PER_PAGE
        )
    rows = [
        ShopRow(shop, said(shop.status, visit.language), f"/desk/sellers/{shop.id}") for shop in found.items
    ]
    more = address("/desk/sellers", q=q, status=status, after=found.next) if found.next else ""
    sheet = address("/desk/sellers/sheet.csv", q=q, status=status)
    return await desk_page(house, visit, operator, "sellers.html", SellersPage(rows, q, status, sheet, more))


@get("/sellers/sheet.csv")
async def sellers_sheet(house: House, operator: User, q: str = "", status: str = "") -> Response[bytes]:
    """The same shops for a spreadsheet."""
    rows: list[Seller] = []
    after: str | None = None
    async with house.database.read() as db:
        while len(rows) < MOST_ROWS:
            found = await sellers.sellers(
                db, status=STATUS.get(status), text=q or None, after=after, limit=200
            )
            rows += found.items
            after = found.next
            if after is None:
                break
    async with house.database.write(actor_of(operator)) as tx:
        await audit.record(tx, "sellers.exported", "sellers", "sheet", rows=len(rows))
    head = ("slug", "name", "company", "city", "country", "state", "commission", "opened_at")
    lines = [
        (
            *(one.slug, one.name.text("en"), one.legal_name, one.city, one.country),
            *(one.status, one.commission_rate, one.opened_at.isoformat()),
        )
        for one in rows
    ]
    return as_csv("shops", head, lines)


@get("/sellers/{seller:uuid}")
async def one_seller(house: House, visit: Visit, operator: User, seller: UUID) -> Response[str]:
    id = SellerId(seller)
    async with house.database.read() as db:
        shop = await sellers.seller(db, id)
        view = SellerPage(
            shop=shop,
            said=said(shop.status, visit.language),
            owed=tuple((await ledger.payouts_owed(db, id)).values()),
            products=len((await catalog.search(db, seller=id, limit=200)).items),
            log=await audit.entries(db, object_id=str(id), limit=20),
        )
    return await desk_page(house, visit, operator, "seller.html", view)


@post("/sellers/{seller:uuid}/suspend")
async def suspend(
    house: House,
    operator: User,
    seller: UUID,
    data: URLEncodedBody[Why],
) -> Response[None]:
    """The shop sells nothing from the next click on; what is sold is still sent."""
    reason = reason_of(data)
    async with house.database.write(actor_of(operator)) as tx:
        await sellers.suspend(tx, SellerId(seller), reason)
        await audit.record(tx, "seller.suspended", "seller", seller, reason=reason)
    return seen_to(f"/desk/sellers/{seller}")


@post("/sellers/{seller:uuid}/reinstate")
async def reinstate(house: House, operator: User, seller: UUID) -> Response[None]:
    async with house.database.write(actor_of(operator)) as tx:
        await sellers.reinstate(tx, SellerId(seller))
        await audit.record(tx, "seller.reinstated", "seller", seller)
    return seen_to(f"/desk/sellers/{seller}")

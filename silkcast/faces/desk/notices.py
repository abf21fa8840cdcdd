# SPDX-License-Identifier: Apache-2.0
from litestar import Response, get

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.visit import Visit
from silkcast.ground.ids import OrderId
from silkcast.ground.refusals import NotFound
from silkcast.plumbing.db.paging import decode_cursor, encode_cursor
from silkcast.trade.orders import service as orders
from silkcast.watch.audit import service as audit
from silkcast.watch.notices import service as notices
from silkcast.watch.notices.port import Mailbox
from silkcast.who.identity.values import User

from .side import PER_PAGE, address, desk_page
from .views import MailboxPage, NoticeRow, NoticesPage
from .words import said


@get("/notices")
async def list_notices(house: House, visit: Visit, operator: User, after: str | None = None) -> Response[str]:
    """What was written to people about what. Nobody reads here what it said."""
    async with house.database.read() as db:
        found = await notices.notices(db, before=decode_cursor(after) if after else None, limit=PER_PAGE + 1)
        shown = found[:PER_PAGE]
        of = await orders.orders_by_id(db, [OrderId(one.about) for one in shown if one.about])
    mark = encode_cursor(shown[-1].created_at, shown[-1].id) if len(found) > PER_PAGE else None
    rows = [
        NoticeRow(
            one,
            said(one.state, visit.language),
            of[OrderId(one.about)].number if one.about and one.about in of else "",
        )
        for one in shown
    ]
    view = NoticesPage(rows, address("/desk/notices", after=mark) if mark else "", _shows_mailbox(house))
    return await desk_page(house, visit, operator, "notices.html", view)


@get("/mailbox")
async def mailbox(house: House, visit: Visit, operator: User) -> Response[str]:
    """The demo's letters, as their readers got them. Only in the demo, where the readers are made up."""
    post = house.scene.post
    if not _shows_mailbox(house) or not isinstance(post, Mailbox):
        raise NotFound()
    letters = list(await post.kept(limit=100))
    texts: object = house.scene.texts
    if isinstance(texts, Mailbox):
        letters += await texts.kept(limit=100)
    letters.sort(key=lambda one: one.at, reverse=True)
    async with house.database.write(actor_of(operator)) as tx:
        await audit.record(tx, "mailbox.seen", "mailbox", "demo")
    return await desk_page(house, visit, operator, "mailbox.html", MailboxPage(letters))


def _shows_mailbox(house: House) -> bool:
    return house.site.is_demo and isinstance(house.scene.post, Mailbox)

# SPDX-License-Identifier: Apache-2.0
"""The ledger, the audit log, and how promises did."""

from datetime import datetime, timedelta
from uuid import UUID

from litestar import Response, get

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.ground.ids import UserId
from silkcast.money.ledger import service as ledger
from silkcast.plumbing.db.paging import decode_cursor, encode_cursor
from silkcast.trade.shipping import service as shipping
from silkcast.watch.audit import service as audit
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import User

from .side import PER_PAGE, address, desk_page
from .views import AuditPage, AuditRow, Choice, LedgerPage, PromisesPage


@get("/ledger")
async def show_ledger(
    house: House, visit: Visit, operator: User, reference: str = "", after: str | None = None
) -> Response[str]:
    """Every account, the newest transfers, and whether the books balance."""
    async with house.database.read() as db:
        found = await ledger.transfers(
            db, reference=reference.strip() or None, after=after or None, limit=PER_PAGE
        )
        view = LedgerPage(
            faults=await ledger.check(db),
            balances=await ledger.balances(db),
            transfers=found.items,
            reference=reference,
            next=address("/desk/ledger", reference=reference, after=found.next) if found.next else "",
        )
    return await desk_page(house, visit, operator, "ledger.html", view)


@get("/ledger/journal.txt")
async def journal(house: House, operator: User) -> Response[str]:
    """The books as plain text, for accounting programs."""
    async with house.database.read() as db:
        text = await ledger.journal(db)
    async with house.database.write(actor_of(operator)) as tx:
        await audit.record(tx, "ledger.exported", "ledger", "journal")
    return Response(
        text,
        media_type="text/plain; charset=utf-8",
        headers={
            "content-disposition": 'attachment; filename="journal.txt"',
            "cache-control": "private, no-store",
        },
    )


@get("/audit")
async def show_audit(
    house: House, visit: Visit, operator: User, verb: str = "", about: str = "", after: str | None = None
) -> Response[str]:
    """Who did what, the newest first; by the beginning of the verb, or by the thing it was done to."""
    before: tuple[datetime, UUID] | None = decode_cursor(after) if after else None
    async with house.database.read() as db:
        found = await audit.entries(
            db, verb=verb.strip() or None, object_id=about.strip() or None, before=before, limit=PER_PAGE + 1
        )
        people = {UserId(one.actor) for one in found if one.actor and one.actor_kind == "user"}
        names = await identity.users(db, list(people))
    shown = found[:PER_PAGE]
    mark = encode_cursor(shown[-1].at, shown[-1].id) if len(found) > PER_PAGE else None
    view = AuditPage(
        rows=[
            AuditRow(
                one,
                names[UserId(one.actor)].name if one.actor and one.actor in names else one.actor_kind,
                " · ".join(f"{name}: {value}" for name, value in one.facts.items()),
            )
            for one in shown
        ],
        verb=verb,
        object_id=about,
        next=address("/desk/audit", verb=verb, about=about, after=mark) if mark else "",
    )
    return await desk_page(house, visit, operator, "audit.html", view)


@get("/promises")
async def show_promises(house: House, visit: Visit, operator: User, days: int = 30) -> Response[str]:
    """Kept and broken promises by market."""
    _ = catalog(visit.language).gettext
    days = max(1, min(days, 366))
    async with house.database.read() as db:
        rows = await shipping.promise_report(db, since=db.now - timedelta(days=days))
    choices = [
        Choice(_("%(days)s days") % {"days": one}, f"/desk/promises?days={one}", one == days)
        for one in (7, 30, 90)
    ]
    return await desk_page(house, visit, operator, "promises.html", PromisesPage(rows, days, choices))

# SPDX-License-Identifier: Apache-2.0
"""The ledger, the audit log, and how promises did."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from litestar import Response, get

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.spreadsheet import as_csv
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.ground.ids import OrderId, SellerId, UserId
from silkcast.ground.refusals import NotFound
from silkcast.money.ledger import service as ledger
from silkcast.money.ledger.values import Balance, Transfer
from silkcast.plumbing.db import Db
from silkcast.plumbing.db.paging import decode_cursor, encode_cursor
from silkcast.trade.orders import service as orders
from silkcast.trade.shipping import service as shipping
from silkcast.watch.audit import service as audit
from silkcast.watch.audit.values import Entry
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import User
from silkcast.who.sellers import service as sellers

from .side import MOST_ROWS, PER_PAGE, address, desk_page
from .views import AuditPage, AuditRow, Choice, LedgerPage, PromisesPage


@get("/ledger")
async def show_ledger(
    house: House, visit: Visit, operator: User, reference: str = "", after: str | None = None
) -> Response[str]:
    """Every account, the newest transfers, and whether the books balance."""
    async with house.database.read() as db:
        wanted = await _reference(db, reference.strip())
        found = await ledger.transfers(db, reference=wanted or None, after=after or None, limit=PER_PAGE)
        balances = await ledger.balances(db)
        view = LedgerPage(
            faults=await ledger.check(db),
            balances=balances,
            transfers=found.items,
            names=await _names(db, balances, found.items, visit.language),
            numbers=await _numbers(db, found.items),
            reference=reference,
            next=address("/desk/ledger", reference=reference, after=found.next) if found.next else "",
        )
    return await desk_page(house, visit, operator, "ledger.html", view)


async def _reference(db: Db, asked: str) -> str:
    """What a transfer is about: an id, or the number of an order, which the books know by its id."""
    if not asked or _as_uuid(asked) is not None:
        return asked
    try:
        return str((await orders.by_number(db, asked.upper())).id)
    except NotFound:
        return asked


async def _names(
    db: Db, balances: Sequence[Balance], transfers: Sequence[Transfer], language: str
) -> Mapping[str, str]:
    """Whose money it is, in words: the shop's name by its id."""
    owners = {one.account.owner for one in balances}
    owners |= {entry.account.owner for transfer in transfers for entry in transfer.entries}
    found = await sellers.sellers_of(db, [SellerId(id) for id in _uuids(owners)])
    return {str(id): shop.name.text(language) for id, shop in found.items()}


async def _numbers(db: Db, transfers: Sequence[Transfer]) -> Mapping[str, str]:
    """The order's number by its id, of those transfers that are about one."""
    about = [OrderId(id) for id in _uuids({one.reference for one in transfers})]
    return {str(id): order.number for id, order in (await orders.orders_by_id(db, about)).items()}


def _uuids(texts: Iterable[str | None]) -> list[UUID]:
    return [id for text in texts if text and (id := _as_uuid(text)) is not None]


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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
        names = await _people(db, found)
    shown = found[:PER_PAGE]
    mark = encode_cursor(shown[-1].at, shown[-1].id) if len(found) > PER_PAGE else None
    view = AuditPage(
        rows=[
            AuditRow(
                one,
                names[UserId(one.actor)].name if one.actor and one.actor in names else one.actor_kind,
                _facts(one),
            )
            for one in shown
        ],
        verb=verb,
        object_id=about,
        sheet=address("/desk/audit/sheet.csv", verb=verb, about=about),
        next=address("/desk/audit", verb=verb, about=about, after=mark) if mark else "",
    )
    return await desk_page(house, visit, operator, "audit.html", view)


async def _people(db: Db, entries: Sequence[Entry]) -> Mapping[UserId, User]:
    people = {UserId(one.actor) for one in entries if one.actor and one.actor_kind == "user"}
    return await identity.users(db, list(people))


def _facts(entry: Entry) -> str:
    return " · ".join(f"{name}: {value}" for name, value in entry.facts.items())


@get("/audit/sheet.csv")
async def audit_sheet(house: House, operator: User, verb: str = "", about: str = "") -> Response[bytes]:
    """The same entries for a spreadsheet. That it was taken is noted as well."""
    async with house.database.read() as db:
        found = await audit.entries(
            db, verb=verb.strip() or None, object_id=about.strip() or None, limit=MOST_ROWS
        )
        names = await _people(db, found)
    async with house.database.write(actor_of(operator)) as tx:
        await audit.record(tx, "audit.exported", "audit", "sheet", rows=len(found))
    lines = [
        (
            one.at.isoformat(),
            names[UserId(one.actor)].name if one.actor and one.actor in names else one.actor_kind,
            one.verb,
            one.object_kind,
            one.object_id,
            _facts(one),
        )
        for one in found
    ]
    return as_csv("audit", ("at", "who", "did", "kind", "id", "facts"), lines)


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

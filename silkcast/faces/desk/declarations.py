# SPDX-License-Identifier: Apache-2.0
from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Response, get, post

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.flows.dispatch import correct_and_send
from silkcast.ground.ids import DeclarationId
from silkcast.ground.refusals import NotFound
from silkcast.trade.customs import service as customs
from silkcast.trade.customs.values import Declaration
from silkcast.watch.audit import service as audit
from silkcast.who.identity.values import User

from .side import PER_PAGE, address, desk_page, seen_to
from .views import Choice, DeclarationPage, DeclarationRow, DeclarationsPage, Figure
from .words import said

STATES = ("refused", "failed", "drafted", "sent", "stored", "reviewing", "inspecting", "released", "closed")


def six_numbers(by_state: Mapping[str, int], language: str) -> Sequence[Figure]:
    """How the declarations stand, as a line of six."""
    _ = catalog(language).gettext

    def count(*states: str) -> int:
        return sum(by_state.get(state, 0) for state in states)

    return (
        Figure(_("Made"), sum(by_state.values()), _("from paid orders"), "jade"),
        Figure(_("Not sent"), count("drafted"), _("waiting to be sent"), "saffron"),
        Figure(_("Sent"), count("sent"), _("no answer yet"), "saffron"),
        Figure(_("Stored by customs"), count("stored", "reviewing", "inspecting"), _("code 120"), "indigo"),
        Figure(_("Released"), count("released", "closed"), _("code 800"), "jade"),
        Figure(_("Refused"), count("refused", "failed"), _("code 100"), "madder"),
    )


def row_of(declaration: Declaration, language: str) -> DeclarationRow:
    wrong = "; ".join(f"{reason.kind}: {reason.info}" for reason in declaration.reasons)
    return DeclarationRow(
        declaration, said(declaration.state, language), f"/desk/declarations/{declaration.id}", wrong
    )


@get("/declarations")
async def list_declarations(
    house: House, visit: Visit, operator: User, q: str = "", status: str = "", after: str | None = None
) -> Response[str]:
    _ = catalog(visit.language).gettext
    async with house.database.read() as db:
        by_state = await customs.count_by_state(db)
        found = await customs.declarations(
            db, state=status or None, text=q.strip() or None, after=after or None, limit=PER_PAGE
        )
    choices = [Choice(_("All"), address("/desk/declarations", q=q), not status)]
    choices += [
        Choice(
            said(state, visit.language).words,
            address("/desk/declarations", q=q, status=state),
            state == status,
        )
        for state in STATES
        if by_state.get(state) or state == status
    ]
    view = DeclarationsPage(
        figures=six_numbers(by_state, visit.language),
        choices=choices,
        rows=[row_of(one, visit.language) for one in found.items],
        text=q,
        state=status,
        next=address("/desk/declarations", q=q, status=status, after=found.next) if found.next else "",
    )
    return await desk_page(house, visit, operator, "declarations.html", view)


@get("/declarations/{declaration:uuid}")
async def one_declaration(house: House, visit: Visit, operator: User, declaration: UUID) -> Response[str]:
    """What customs said, in its words, and the four messages."""
    async with house.database.read() as db:
        found = await customs.declaration(db, DeclarationId(declaration))
        view = DeclarationPage(
            row=row_of(found, visit.language),
            messages=await customs.messages(db, found.order),
            can_send_again=found.state in ("refused", "failed"),
            log=await audit.entries(db, object_id=str(declaration), limit=20),
        )
    return await desk_page(house, visit, operator, "declaration.html", view)


@get("/declarations/{declaration:uuid}/messages/{guid:str}")
async def message_text(house: House, operator: User, declaration: UUID, guid: str) -> Response[str]:
    """One message as it was sent. It names a buyer, so it is noted who looked."""
    async with house.database.read() as db:
        found = await customs.declaration(db, DeclarationId(declaration))
        message = next((one for one in await customs.messages(db, found.order) if one.guid == guid), None)
    if message is None:
        raise NotFound()
    async with house.database.write(actor_of(operator)) as tx:
        await audit.record(tx, "declaration.message_seen", "declaration", declaration, kind=message.kind)
    return Response(
        message.xml,
        media_type="application/xml",
        headers={
            "content-disposition": f'attachment; filename="CEB{message.kind}-{found.order_no}.xml"',
            "cache-control": "private, no-store",
        },
    )


@post("/declarations/{declaration:uuid}/again")
async def send_again(house: House, operator: User, declaration: UUID) -> Response[None]:
    """Made anew from what the order and the parcel say now, and sent as a change."""
    id = DeclarationId(declaration)
    async with house.database.write(actor_of(operator)) as tx:
        await correct_and_send(tx, house.scene, id)
        await audit.record(tx, "declaration.sent_again", "declaration", declaration)
    return seen_to(f"/desk/declarations/{declaration}")

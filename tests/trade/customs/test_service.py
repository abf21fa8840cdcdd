# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from silkcast.ground.ids import DeclarationId, SellerId, new_uuid
from silkcast.ground.quantity import Weight
from silkcast.plumbing.db import Tx
from silkcast.trade.customs import service as customs
from silkcast.trade.customs.errors import BadField, Disagree, NoDeclaration, NotCorrectable
from silkcast.trade.customs.values import Declaration, Receipt
from tests.trade.customs import build


async def sent(tx: Tx, **changes: object) -> Declaration:
    declaration = await customs.draft(tx, build.facts(**changes))
    for message in await customs.unsent(tx, declaration.id):
        declaration = await customs.note_sent(tx, declaration.id, message.guid)
    return declaration


async def answers(tx: Tx, declaration: Declaration, *statuses: int, kind: str = "603") -> list[Receipt]:
    messages = {
        one.kind: one
        for one in await customs.messages(tx, declaration.order)
        if one.attempt == declaration.attempt
    }
    return [
        Receipt(
            kind,  # type: ignore[arg-type]
            messages[kind].unit_guid,
            status,
            build.AT + timedelta(seconds=number),
            f"info {status}",
            "B20261123000000001",
            "2300" if status >= 120 else "",
        )
        for number, status in enumerate(statuses)
    ]


def names(tx: Tx) -> list[str]:
    return [event.name.split(".")[1] for event in tx.announced]


async def test_a_declaration_goes_from_draft_to_release(tx: Tx) -> None:
    declaration = await customs.draft(tx, build.facts())
    assert (declaration.state, declaration.mode, declaration.attempt) == ("drafted", "9610", 1)
    assert [message.kind for message in await customs.unsent(tx, declaration.id)] == [
        "303",
        "403",
        "505",
        "603",
    ]
    declaration = await sent(tx)
    assert declaration.state == "sent"
    for receipt in await answers(tx, declaration, 120, 800):
        declaration = await customs.note_receipt(tx, receipt)
    assert declaration.state == "released"
    assert declaration.released_at == tx.now
    assert declaration.pre_no == "B20261123000000001"
    assert names(tx) == ["declaration_sent", "declaration_stored", "declaration_released"]


async def test_drafting_twice_is_drafting_once(tx: Tx) -> None:
    facts = build.facts()
    first = await customs.draft(tx, facts)
    assert (await customs.draft(tx, facts)).id == first.id
    assert len(await customs.messages(tx, facts.order)) == 4


async def test_nothing_is_written_when_a_field_is_wrong(tx: Tx) -> None:
    facts = build.facts(order_no="")
    with pytest.raises(BadField):
        await customs.draft(tx, facts)
    heavy = build.facts(lines=(replace(build.SCARF, net=Weight(9000)),))
    with pytest.raises(Disagree):
        await customs.draft(tx, heavy)
    assert await customs.of_parcel(tx, facts.parcel) is None
    assert await customs.of_parcel(tx, heavy.parcel) is None


@pytest.mark.parametrize("order", list(permutations([0, 1, 2, 2])))
async def test_receipts_in_any_order_and_twice_come_to_the_same(tx: Tx, order: tuple[int, ...]) -> None:
    declaration = await sent(tx)
    told = await answers(tx, declaration, 120, 500, 800)
    for index in order:
        declaration = await customs.note_receipt(tx, told[index])
    assert declaration.state == "released"
    assert names(tx).count("declaration_released") == 1
    assert len(declaration.receipts) == 3


async def test_a_receipt_that_overtakes_our_own_note_is_not_lost(tx: Tx) -> None:
    drafted = await customs.draft(tx, build.facts())
    for receipt in await answers(tx, drafted, 120, 800):
        assert (await customs.note_receipt(tx, receipt)).state == "drafted"
    for message in await customs.unsent(tx, drafted.id):
        drafted = await customs.note_sent(tx, drafted.id, message.guid)
    assert drafted.state == "released"
    assert names(tx) == ["declaration_sent", "declaration_released"]


async def test_refused_says_why_and_can_be_corrected(tx: Tx) -> None:
    declaration = await sent(tx)
    with pytest.raises(NotCorrectable):
        await customs.correct(tx, declaration.id, build.facts())
    for receipt in await answers(tx, declaration, 120, kind="303"):
        await customs.note_receipt(tx, receipt)
    (refusal,) = await answers(tx, declaration, 100)
    declaration = await customs.note_receipt(tx, refusal)
    assert declaration.state == "refused"
    assert [(reason.kind, reason.info) for reason in declaration.reasons] == [("603", "info 100")]
    corrected = await customs.correct(tx, declaration.id, build.facts())
    assert (corrected.state, corrected.attempt, corrected.reasons) == ("drafted", 2, ())
    again = {one.kind: one for one in await customs.unsent(tx, declaration.id)}
    assert "<ceb:appType>2</ceb:appType>" in again["303"].xml
    assert "<ceb:appType>1</ceb:appType>" in again["603"].xml
    for message in again.values():
        corrected = await customs.note_sent(tx, declaration.id, message.guid)
    assert (await customs.note_receipt(tx, refusal)).state == "sent"  # told again, of the first attempt
    for receipt in await answers(tx, corrected, 800):
        corrected = await customs.note_receipt(tx, receipt)
    assert corrected.state == "released"


async def test_an_error_is_a_failure(tx: Tx) -> None:
    declaration = await sent(tx)
    (error,) = await answers(tx, declaration, -301010, kind="303")
    assert (await customs.note_receipt(tx, error)).state == "failed"
    assert names(tx)[-1] == "declaration_refused"


async def test_a_receipt_to_nobodys_message_is_not_found(tx: Tx) -> None:
    with pytest.raises(NoDeclaration):
        await customs.note_receipt(tx, Receipt("603", "F" * 36, 800, build.AT))


async def test_another_sellers_declaration_is_not_found(tx: Tx) -> None:
    mine = await customs.draft(tx, build.facts())
    assert await customs.declaration(tx, mine.id, seller=mine.seller) == mine
    for asked, seller in ((mine.id, SellerId(new_uuid())), (DeclarationId(new_uuid()), None)):
        with pytest.raises(NoDeclaration):
            await customs.declaration(tx, asked, seller=seller)


async def test_the_list_pages_and_filters(tx: Tx) -> None:
    made = [await customs.draft(tx, build.facts()) for _ in range(3)]
    first = await customs.declarations(tx, limit=2)
    second = await customs.declarations(tx, limit=2, after=first.next)
    assert [one.id for one in (*first.items, *second.items)] == [one.id for one in reversed(made)]
    assert second.next is None
    assert (await customs.declarations(tx, state="released")).items == ()
    assert len((await customs.declarations(tx, text="7k2m")).items) == 3
    assert len((await customs.declarations(tx, seller=made[0].seller)).items) == 1
    assert await customs.count_by_state(tx) == {"drafted": 3}
    assert len(await customs.waiting(tx, before=tx.now)) == 3
    assert set(await customs.of_orders(tx, [one.order for one in made])) == {one.order for one in made}

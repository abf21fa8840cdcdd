# SPDX-License-Identifier: Apache-2.0
"""What every customs engine must do. Its tests subclass `CustomsContract` and say how to reach it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from silkcast.ground.ids import new_number, new_uuid
from silkcast.ground.money import Money
from silkcast.trade.customs.errors import BadReceipt, BadSignature, MessageRefused
from silkcast.trade.customs.port import CustomsPort
from silkcast.trade.customs.rules import build as rules
from silkcast.trade.customs.rules import xml
from silkcast.trade.customs.rules.build import Document
from silkcast.trade.customs.values import KINDS, Facts, Kind, Message, Receipt
from tests.engines.carrier.contract import until
from tests.trade.customs import build

RECEIPT = b"""<?xml version="1.0" encoding="UTF-8"?>
<ceb:CEB604Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="G" version="1.0"><ceb:InventoryReturn>
<ceb:guid>UNIT</ceb:guid><ceb:preNo>B20261123000000001</ceb:preNo><ceb:invtNo>23002026E000000001</ceb:invtNo>
<ceb:returnStatus>800</ceb:returnStatus><ceb:returnTime>20261123013000123</ceb:returnTime>
<ceb:returnInfo>\xe6\x94\xbe\xe8\xa1\x8c</ceb:returnInfo></ceb:InventoryReturn></ceb:CEB604Message>"""


def new_facts(**changes: object) -> Facts:
    """An order of its own, and a waybill of its own."""
    made = build.facts(order_no=new_number(), **changes)
    return replace(made, waybill=replace(made.waybill, number=f"LX{new_number(9)}CN"))


def documents(facts: Facts, app_type: str = "1") -> dict[str, Document]:
    made = rules.documents(
        facts,
        at=build.AT,
        cop_no=f"SC{facts.order_no}",
        app_types=dict.fromkeys(KINDS, app_type),
        new_guid=lambda: str(new_uuid()).upper(),
    )
    return {document.kind: document for document in made}


def message(document: Document) -> Message:
    guid = str(new_uuid()).upper()
    return Message(document.kind, guid, document.head["guid"], 1, xml.message(document, guid))


def changed(document: Document, **head: str) -> Document:
    return replace(document, head={**document.head, **head})


class CustomsContract:
    """Subclasses give the fixture `customs`, and `signed` to sign a body as the port would."""

    async def sent(self, customs: CustomsPort, made: Mapping[str, Document]) -> dict[str, Message]:
        """All documents handed over, the list last."""
        messages = {kind: message(document) for kind, document in made.items()}
        for kind in sorted(messages):
            await customs.send(messages[kind].xml, messages[kind].kind, key=messages[kind].guid)
        return messages

    async def answers(self, customs: CustomsPort, one: Message, number: int) -> list[Receipt]:
        """The first `number` answers to a document."""
        found: list[Receipt] = []

        async def look() -> bool:
            found[:] = [told for told in await customs.receipts() if told.unit_guid == one.unit_guid]
            return len(found) >= number

        await until(look)
        return found

    async def test_four_documents_that_agree_are_stored_and_released(self, customs: CustomsPort) -> None:
        messages = await self.sent(customs, documents(new_facts()))
        for kind in ("303", "403", "505"):
            (receipt,) = await self.answers(customs, messages[kind], 1)
            assert (receipt.kind, receipt.status) == (kind, 120)
        stored, released = await self.answers(customs, messages["603"], 2)
        assert (stored.status, released.status) == (120, 800)
        assert stored.at <= released.at
        assert len(released.pre_no) == 18
        assert released.inventory_no.startswith("2300")

    async def test_the_same_message_twice_is_once(self, customs: CustomsPort) -> None:
        made = documents(new_facts())
        one = message(made["303"])
        for _ in range(2):
            await customs.send(one.xml, "303", key=one.guid)
        await self.answers(customs, one, 1)
        assert len(await self.answers(customs, one, 1)) == 1
        with pytest.raises(MessageRefused):
            await customs.send(one.xml + " ", "303", key=one.guid)

    @pytest.mark.parametrize(
        ("kind", "head", "word"),
        [
            ("403", {"charge": "77.00"}, "charge"),
            ("403", {"currency": "142"}, "currency"),
            ("505", {"freight": "9.99"}, "freight"),
            ("505", {"grossWeight": "9"}, "grossWeight"),
            ("603", {"ebcCode": "9999960A1B"}, "ebcCode"),
            ("303", {"goodsValue": "80"}, "goodsValue"),
        ],
    )
    async def test_documents_that_disagree_are_refused_with_the_reason(
        self, customs: CustomsPort, kind: Kind, head: dict[str, str], word: str
    ) -> None:
        made = documents(new_facts())
        made[kind] = changed(made[kind], **head)
        messages = await self.sent(customs, made)
        *_, last = await self.answers(customs, messages["603"], 2)
        assert last.status == 100
        assert word in last.info
        assert any("\u4e00" <= char <= "\u9fff" for char in last.info)

    async def test_a_list_without_its_waybill_is_refused_in_the_end(self, customs: CustomsPort) -> None:
        made = documents(new_facts())
        del made["505"]
        messages = await self.sent(customs, made)
        *_, last = await self.answers(customs, messages["603"], 2)
        assert (last.status, "CEB505" in last.info) == (100, True)

    @pytest.mark.parametrize(
        ("damage", "word"),
        [
            (("<ceb:goodsValue>74.8</ceb:goodsValue>", ""), "goodsValue is missing"),
            (("<ceb:currency>300</ceb:currency>", "<ceb:currency>EUR0</ceb:currency>"), "currency is not C3"),
            (("<ceb:orderType>E<", "<ceb:orderType>I<"), "orderType has no code I"),
            (("<ceb:freight>3.2<", "<ceb:freight>-3.2<"), "freight is not N19,5"),
            (("<ceb:note />", "<ceb:colour>red</ceb:colour>"), "has no field colour"),
        ],
    )
    async def test_a_message_that_breaks_the_schema_is_refused_by_field(
        self, customs: CustomsPort, damage: tuple[str, str], word: str
    ) -> None:
        one = message(documents(new_facts())["303"])
        text = one.xml.replace("</ceb:OrderHead>", "<ceb:note /></ceb:OrderHead>").replace(*damage)
        await customs.send(text, "303", key=one.guid)
        (refused,) = await self.answers(customs, one, 1)
        assert (refused.status, word in refused.info) == (100, True), refused.info

    async def test_elements_out_of_order_are_refused(self, customs: CustomsPort) -> None:
        made = documents(new_facts())["403"]
        backwards = dict(reversed(made.head.items()))
        one = message(replace(made, head=backwards))
        await customs.send(one.xml, "403", key=one.guid)
        (refused,) = await self.answers(customs, one, 1)
        assert (refused.status, "out of order" in refused.info) == (100, True)

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "<a/>",
            "<ceb:CEB303Message/>",
            '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            '<ceb:CEB999Message xmlns:ceb="http://www.chinaport.gov.cn/ceb"/>',
        ],
    )
    async def test_what_is_no_message_is_not_taken(self, customs: CustomsPort, body: str) -> None:
        with pytest.raises(MessageRefused):
            await customs.send(body, "303", key="K")

    async def test_an_order_twice_is_an_error_and_a_change_is_not(self, customs: CustomsPort) -> None:
        facts = new_facts()
        first = message(documents(facts)["303"])
        again, change = message(documents(facts)["303"]), message(documents(facts, "2")["303"])
        for one, status in ((first, 120), (again, -301010), (change, 120)):
            await customs.send(one.xml, "303", key=one.guid)
            assert [told.status for told in await self.answers(customs, one, 1)] == [status]

    @pytest.mark.parametrize(
        ("word", "statuses"),
        [
            ("INSPECT", [120, 500, 800]),
            ("REVIEW", [120, 300, 800]),
            ("REFUSE", [120, 100]),
            ("ERROR", [-621010]),
        ],
    )
    async def test_a_word_in_the_name_of_the_goods_makes_things_happen(
        self, customs: CustomsPort, word: str, statuses: list[int]
    ) -> None:
        line = replace(build.SCARF, name=f"Scarf SANDBOX-{word}", units=1, price=Money.of("29.90", "EUR"))
        messages = await self.sent(customs, documents(new_facts(lines=(line,))))
        told = await self.answers(customs, messages["603"], len(statuses))
        assert [receipt.status for receipt in told] == statuses

    async def test_a_hundred_lines_are_read(self, customs: CustomsPort) -> None:
        cheap = replace(build.SCARF, units=1, price=Money.of("0.10", "EUR"), net=build.Weight(1))
        messages = await self.sent(customs, documents(new_facts(lines=(cheap,) * 100)))
        told = await self.answers(customs, messages["603"], 2)
        assert [receipt.status for receipt in told] == [120, 800]

    async def test_a_callback_needs_a_good_signature(self, customs: CustomsPort) -> None:
        good = self.signed(RECEIPT)
        (receipt,) = customs.read_callback(good, RECEIPT)
        assert (receipt.kind, receipt.unit_guid, receipt.status, receipt.info) == ("603", "UNIT", 800, "放行")
        assert receipt.at.isoformat() == "2026-11-23T01:30:00.123000+08:00"
        for headers, body in (
            (good, RECEIPT + b" "),
            ({}, RECEIPT),
            ({next(iter(good)): "t=9,v1=é"}, RECEIPT),
        ):
            with pytest.raises(BadSignature):
                customs.read_callback(headers, body)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<a/>",
            b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            RECEIPT.replace(b">800<", b">x<"),
            RECEIPT.replace(b"20261123013000123", b"2026"),
            RECEIPT.replace(b"20261123013000123", b"20261323013000123"),
            RECEIPT.replace(b"UNIT", b""),
        ],
    )
    async def test_a_receipt_that_cannot_be_read_is_refused(self, customs: CustomsPort, body: bytes) -> None:
        with pytest.raises(BadReceipt):
            customs.read_callback(self.signed(body), body)

    async def test_the_form_of_the_post_is_one_page(self, customs: CustomsPort) -> None:
        assert customs.cn23(build.form()).startswith(b"%PDF")

    def signed(self, body: bytes) -> Mapping[str, str]:
        raise NotImplementedError

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from silkcast.ground.money import Money
from silkcast.ground.quantity import Weight
from silkcast.trade.customs.errors import BadField, Disagree, NoCustomsCode, TooManyLines
from silkcast.trade.customs.rules import cn23, fields, match, states, xml
from silkcast.trade.customs.values import Receipt
from tests.trade.customs import build

CEB = "{http://www.chinaport.gov.cn/ceb}"


def test_the_order_message_reads_as_the_schema_has_it() -> None:
    text = xml.message(build.documents()[0], "A" * 36)
    root = fromstring(text)
    assert root.tag == f"{CEB}CEB303Message"
    assert root.attrib == {"guid": "A" * 36, "version": "1.0"}
    assert [child.tag for child in root] == [f"{CEB}Order", f"{CEB}BaseTransfer"]
    head, *lines = root[0]
    assert [line.tag for line in lines] == [f"{CEB}OrderList"] * 2
    said = {child.tag.removeprefix(CEB): child.text for child in head}
    assert said["appTime"] == "20261123013000"
    assert (said["orderType"], said["appType"], said["appStatus"]) == ("E", "1", "2")
    assert (said["goodsValue"], said["freight"], said["currency"]) == ("74.8", "3.2", "300")
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<ceb:CEB303Message')


def test_the_inventory_list_is_of_mode_9610_and_simplified() -> None:
    head = build.documents()[3].head
    assert (head["tradeMode"], head["statisticsFlag"], head["ieFlag"]) == ("9610", "A", "E")
    assert (head["netWeight"], head["grossWeight"]) == ("0.34", "0.42")
    assert head["ownerCode"] == "NO"
    assert build.documents()[3].lines[0]["gcode"] == "6214100000"


def test_fields_stand_in_the_order_of_the_schema_whatever_the_order_they_were_given_in() -> None:
    for document in build.documents():
        form = fields.table().messages[f"CEB{document.kind}Message"]
        names = [field.name for field in fields.table().elements[form.get("head", form["unit"])]]
        assert [name for name in names if name in document.head] == list(document.head)


def test_guids_are_upper_case_and_each_document_has_its_own() -> None:
    guids = {document.head["guid"] for document in build.documents()}
    assert len(guids) == 4
    assert all(guid == guid.upper() and len(guid) == 36 for guid in guids)


def test_each_field_that_must_be_there_is_missed_by_name() -> None:
    for element, listed in fields.table().elements.items():
        full = {field.name: _sample(field) for field in listed}
        fields.fill(element, element, full)
        for field in listed:
            without = full | {field.name: None}
            if not field.required:
                assert field.name not in fields.fill(element, element, without)
                continue
            with pytest.raises(BadField) as refused:
                fields.fill(element, element, without)
            assert (refused.value.field, refused.value.problem) == (field.name, "missing")


def test_each_text_too_long_and_each_number_too_large_is_refused_by_name() -> None:
    for element, listed in fields.table().elements.items():
        full = {field.name: _sample(field) for field in listed}
        for field in listed:
            long = "9" * (
                field.kind.longest + 1 if isinstance(field.kind, fields.Text) else field.kind.digits + 1
            )
            with pytest.raises(BadField) as refused:
                fields.fill(element, element, full | {field.name: long})
            assert refused.value.field == field.name
            assert refused.value.problem in ("too_long", "too_many_digits")


def _sample(field: fields.Field) -> str:
    if field.name in fields.table().codes:
        return next(iter(fields.table().codes[field.name]))
    return "1" * field.kind.shortest if isinstance(field.kind, fields.Text) else "1"


@pytest.mark.parametrize(
    ("value", "problem"),
    [("x\x00y", "forbidden_character"), ("\ud800", "forbidden_character"), ("   ", "missing")],
)
def test_what_xml_cannot_carry_is_refused(value: str, problem: str) -> None:
    with pytest.raises(BadField) as refused:
        build.documents(build.facts(order_no=value))
    assert (refused.value.field, refused.value.problem) == ("orderNo", problem)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e400", "0.000001", "-1", "abc", "123456789012345"])
def test_what_is_no_amount_is_refused(value: str) -> None:
    field = next(one for one in fields.table().elements["OrderHead"] if one.name == "goodsValue")
    with pytest.raises(BadField):
        fields.written("303", field, value)


def test_names_with_marks_of_xml_come_back_as_they_were() -> None:
    wild = 'A <b> & "c" ]]> 丝绸 🧣'
    line = replace(build.SCARF, name=wild)
    root = fromstring(xml.message(build.documents(build.facts(lines=(line,)))[0], "A" * 36))
    assert root.find(f".//{CEB}itemName").text == wild


def test_units_are_names_or_codes_and_kilograms_are_weighed() -> None:
    pair = replace(build.SCARF, unit="025", statutory_unit="kilogram")
    (line,) = build.documents(build.facts(lines=(pair,)))[3].lines
    assert (line["unit"], line["qty"], line["unit1"], line["qty1"]) == ("025", "2", "035", "0.16")
    with pytest.raises(NoCustomsCode):
        build.documents(build.facts(lines=(replace(build.SCARF, unit="armful"),)))


def test_a_sku_of_21_characters_fits_the_order_and_not_the_list() -> None:
    with pytest.raises(BadField) as refused:
        build.documents(build.facts(lines=(replace(build.SCARF, sku="S" * 21),)))
    assert (refused.value.document, refused.value.field) == ("603", "itemNo")


def test_more_than_a_hundred_lines_are_refused_and_none_too() -> None:
    cheap = replace(build.SCARF, units=1, price=Money.of("0.10", "EUR"), net=Weight(1))
    assert len(build.documents(build.facts(lines=(cheap,) * 100))[0].lines) == 100
    for lines in ((cheap,) * 101, ()):
        with pytest.raises(TooManyLines):
            build.documents(build.facts(lines=lines))


def test_a_currency_without_a_customs_code_is_declared_in_yuan_at_a_rate() -> None:
    with pytest.raises(NoCustomsCode):
        build.documents(build.facts("SAR"))
    documents = build.documents(build.facts("SAR", exchange=build.SAUDI))
    match.check(documents)
    assert documents[0].head["currency"] == "142"
    assert documents[0].lines[0]["price"] == "56.62163"


def test_money_received_is_not_less_than_what_it_pays_for() -> None:
    less = replace(build.facts().collection, amount=Money.of("77.99", "EUR"))
    with pytest.raises(Disagree) as refused:
        build.documents(build.facts(collection=less))
    assert refused.value.field == "charge"


def test_four_documents_of_one_order_agree() -> None:
    match.check(build.documents())


@pytest.mark.parametrize("kind", [0, 1, 2, 3])
def test_any_shared_field_changed_in_any_document_is_found(kind: int) -> None:
    documents = list(build.documents())
    shared = [
        field
        for field in ("orderNo", "ebpCode", "ebcCode", "currency", "freight", "insuredFee", "logisticsNo",
                      "logisticsCode", "packNo", "grossWeight", "fCurrency", "iCurrency", "goodsValue")
        if field in documents[kind].head
    ]  # fmt: skip
    for field in shared:
        changed = list(documents)
        changed[kind] = replace(documents[kind], head={**documents[kind].head, field: "99"})
        with pytest.raises(Disagree) as refused:
            match.check(changed)
        assert refused.value.field


@pytest.mark.parametrize("kind", [0, 3])
@pytest.mark.parametrize("field", ["gnum", "itemNo", "qty", "price", "totalPrice", "currency", "unit"])
def test_any_line_changed_in_one_document_is_found(kind: int, field: str) -> None:
    documents = list(build.documents())
    lines = ({**documents[kind].lines[0], field: "7"}, *documents[kind].lines[1:])
    documents[kind] = replace(documents[kind], lines=lines)
    with pytest.raises(Disagree):
        match.check(documents)


def test_net_weight_over_gross_weight_is_found() -> None:
    heavy = replace(build.SCARF, net=Weight(500))
    with pytest.raises(Disagree) as refused:
        match.check(build.documents(build.facts(lines=(heavy,))))
    assert (refused.value.left, refused.value.right) == ("0.5", "0.42")


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(1, 99_999)), min_size=1, max_size=8),
    st.integers(0, 9_999),
    st.decimals("0.0001", "20", places=4),
)
def test_what_is_built_always_agrees_with_itself(
    bought: list[tuple[int, int]], freight: int, rate: Decimal
) -> None:
    lines = tuple(
        replace(build.SCARF, units=units, price=Money.from_minor(minor, "SAR"), net=Weight(10))
        for units, minor in bought
    )
    paid = sum(units * minor for units, minor in bought) + freight
    facts = build.facts(
        "SAR",
        lines=lines,
        freight=Money.from_minor(freight, "SAR"),
        collection=replace(build.facts().collection, amount=Money.from_minor(paid, "SAR")),
        exchange=replace(build.SAUDI, rate=rate),
    )
    match.check(build.documents(facts))


RECEIPTS = st.lists(
    st.builds(
        Receipt,
        kind=st.sampled_from(["303", "403", "505", "603"]),
        unit_guid=st.just("G"),
        status=st.sampled_from([1, 2, 3, 4, 100, 120, 300, 399, 500, 700, 800, 899, -301010]),
        at=st.just(build.AT),
        info=st.sampled_from(["", "reason"]),
    ),
    max_size=10,
)


@settings(deadline=None)
@given(RECEIPTS, st.randoms(use_true_random=False))
def test_the_state_depends_on_the_set_of_receipts_alone(receipts: list[Receipt], chance: object) -> None:
    shuffled = [*receipts, *receipts[:2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert states.state_of(shuffled) == states.state_of(receipts)
    assert states.reasons(shuffled) == states.reasons(receipts)


def test_released_stays_released_and_refused_says_why() -> None:
    def receipt(status: int, info: str = "", kind: str = "603") -> Receipt:
        return Receipt(kind, "G", status, build.AT, info)  # type: ignore[arg-type]

    assert states.state_of([]) == "sent"
    assert states.state_of([receipt(120, kind="303")]) == "sent"
    assert states.state_of([receipt(120)]) == "stored"
    assert states.state_of([receipt(800), receipt(120)]) == "released"
    assert states.state_of([receipt(120), receipt(500)]) == "inspecting"
    assert states.state_of([receipt(120), receipt(100, "单证不符")]) == "refused"
    assert states.reasons([receipt(100, "单证不符"), receipt(100, "单证不符")])[0].info == "单证不符"
    assert states.state_of([receipt(-301010, kind="303")]) == "failed"


def test_a_cn23_that_can_be_read_abroad_passes() -> None:
    form = build.form()
    assert cn23.check(form) is form
    assert (form.net, form.value) == (Weight(340), Money.of("74.80", "EUR"))


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"text": "Gift"}, "contents.1.text", "vague"),
        ({"text": "Clothes, accessories"}, "contents.1.text", "vague"),
        ({"text": "真丝围巾"}, "contents.1.text", "not_latin"),
        ({"text": "x" * 61}, "contents.1.text", "too_long"),
        ({"text": " "}, "contents.1.text", "missing"),
        ({"hs_code": "6214"}, "contents.1.hs_code", "too_short"),
        ({"hs_code": "62141A"}, "contents.1.hs_code", "not_a_number"),
        ({"units": 0}, "contents.1.units", "missing"),
    ],
)
def test_a_cn23_nobody_could_read_is_refused(change: dict[str, object], field: str, problem: str) -> None:
    form = build.form()
    with pytest.raises(BadField) as refused:
        cn23.check(replace(form, contents=(replace(form.contents[0], **change),)))
    assert (refused.value.field, refused.value.problem) == (field, problem)


def test_china_time_is_eight_hours_ahead() -> None:
    assert build.rules.china_time(datetime.fromisoformat("2026-12-31T16:00:00+00:00")) == "20270101000000"
    assert build.rules.china_time(build.AT + timedelta(seconds=1)) == "20261123013001"

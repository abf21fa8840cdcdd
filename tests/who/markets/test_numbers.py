# SPDX-License-Identifier: Apache-2.0
"""Numbers of receivers that customs asks for: made-up ones with right check digits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.ground.money import Money
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import BadRecipientNumber
from silkcast.who.markets.values import Fact, RecipientNumber

TODAY = date(2026, 11, 22)
GOOD = {
    "BR": ("CPF", "390.533.447-05", "39053344705"),
    "KR": ("PCCC", "p 123456789012", "P123456789012"),
    "CL": ("RUT", "12.531.909-2", "125319092"),
    "TR": ("TCKN", "17291716060", "17291716060"),
    "CN": ("CN_ID", "360426199101010071", "360426199101010071"),
    "ID": ("NIK", "3171011708450001", "3171011708450001"),
    "AR": ("CUIT", "20-05536168-2", "20055361682"),
    "PE": ("DNI", "12345678", "12345678"),
}


@pytest.mark.parametrize("code", GOOD)
def test_a_right_number_is_kept_as_it_is_written_down(code: str) -> None:
    kind, typed, kept = GOOD[code]
    asked = markets.recipient_number(markets.market(code, TODAY), kind)
    assert markets.check_recipient_number(asked, typed) == kept
    assert markets.check_recipient_number(asked, kept) == kept


@pytest.mark.parametrize(
    ("code", "typed", "fault"),
    [
        ("BR", "390.533.447-06", "invalid"),
        ("BR", " ", "required"),
        ("BR", "1" * 41, "invalid"),
        ("KR", "P12345678901", "invalid"),
        ("KR", "Q123456789012", "invalid"),
        ("CL", "12.531.909-3", "invalid"),
        ("TR", "17291716061", "invalid"),
        ("CN", "360426199101010072", "invalid"),
    ],
)
def test_a_wrong_number_is_refused_and_not_said(code: str, typed: str, fault: str) -> None:
    asked = markets.recipient_number(markets.market(code, TODAY), GOOD[code][0])
    with pytest.raises(BadRecipientNumber) as refused:
        markets.check_recipient_number(asked, typed)
    assert (refused.value.kind, refused.value.fault) == (asked.code, fault)
    assert not typed.strip() or typed not in repr(vars(refused.value))


def test_what_a_market_does_not_ask_for_is_not_taken() -> None:
    france = markets.market("FR", TODAY)
    assert france.recipient == ()
    with pytest.raises(BadRecipientNumber) as refused:
        markets.recipient_number(france, "CPF")
    assert refused.value.fault == "not_asked"


def test_what_is_always_asked_must_be_there_and_the_rest_may() -> None:
    brazil, chile = markets.market("BR", TODAY), markets.market("CL", TODAY)
    ten = Money.of("10.00", "BRL")

    assert markets.check_recipient_numbers(brazil, {"CPF": "390.533.447-05"}, ten) == {"CPF": "39053344705"}
    for missing in ({}, {"CPF": "  "}):
        with pytest.raises(BadRecipientNumber) as refused:
            markets.check_recipient_numbers(brazil, missing, ten)
        assert (refused.value.kind, refused.value.fault) == ("CPF", "required")
    assert markets.check_recipient_numbers(chile, {}, Money.of("10", "CLP")) == {}
    with pytest.raises(BadRecipientNumber) as refused:
        markets.check_recipient_numbers(chile, {"RUT": "1"}, Money.of("10", "CLP"))
    assert refused.value.fault == "invalid", "what is given has to be right"
    with pytest.raises(BadRecipientNumber) as refused:
        markets.check_recipient_numbers(chile, {"CPF": "39053344705"}, Money.of("10", "CLP"))
    assert refused.value.fault == "not_asked"


def test_over_a_value_it_is_needed_and_at_the_value_it_is_not() -> None:
    france = markets.market("FR", TODAY)
    asked = RecipientNumber(
        "EORI", "over_value", "", "[A-Z0-9]{3,}", "", Fact("ours"), over=Money.of("150.00", "EUR")
    )
    asking = replace(france, recipient=(asked,))

    assert markets.check_recipient_numbers(asking, {}, Money.of("150.00", "EUR")) == {}
    with pytest.raises(BadRecipientNumber) as refused:
        markets.check_recipient_numbers(asking, {}, Money.of("150.01", "EUR"))
    assert refused.value.fault == "required"
    assert markets.check_recipient_numbers(asking, {"EORI": "fr123"}, Money.of("150.01", "EUR")) == {
        "EORI": "FR123"
    }


@given(st.sampled_from(sorted(GOOD)), st.text(max_size=60))
def test_whatever_is_typed_is_kept_or_refused(code: str, typed: str) -> None:
    asked = markets.recipient_number(markets.market(code, TODAY), GOOD[code][0])
    try:
        kept = markets.check_recipient_number(asked, typed)
    except BadRecipientNumber:
        return
    assert markets.check_recipient_number(asked, kept) == kept

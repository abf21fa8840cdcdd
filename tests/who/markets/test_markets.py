# SPDX-License-Identifier: Apache-2.0
"""Markets as dated data: what is asked, how one is guessed, what a file must not say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.ground.money import Money
from silkcast.plumbing import packs, tongues
from silkcast.plumbing.packs import PackSettings
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import BrokenMarket, NoSuchMarket
from silkcast.who.markets.reader import read_all, read_file

TODAY = date(2026, 11, 22)
FILES = packs.files("market.toml")


def test_the_four_markets_of_the_demo() -> None:
    assert [market.code for market in markets.markets(TODAY)] == ["FR", "SA", "SG", "US"]


def test_a_market_knows_its_money_and_its_habits() -> None:
    saudi = markets.market("SA", TODAY)
    assert (saudi.currency, saudi.default_language, saudi.digits) == ("SAR", "ar", "arab")
    assert saudi.cod is not None
    assert saudi.cod.fee == Money.of("15", "SAR")
    assert markets.market("FR", TODAY).price_habit[0].ending == Decimal("0.90")
    assert markets.market("FR", TODAY).returns.days == 14
    assert markets.market("US", TODAY).returns.basis == "shop"


@pytest.mark.parametrize(("code", "on"), [("DE", TODAY), ("FR", date(2025, 12, 31)), ("fr", TODAY)])
def test_no_market_before_its_first_day_or_where_nothing_is_sold(code: str, on: date) -> None:
    with pytest.raises(NoSuchMarket):
        markets.market(code, on)


@pytest.mark.parametrize(
    ("accept_language", "hint", "code"),
    [
        ("fr-CH,fr;q=0.9,en;q=0.8", None, "FR"),
        ("ar", None, "SA"),
        ("ar-SA,en;q=0.5", None, "SA"),
        ("zh-CN,zh;q=0.9", None, "SG"),
        ("en-SG,en;q=0.9", None, "SG"),
        ("en-GB,en;q=0.8", None, "US"),
        ("de-DE,de", None, "US"),
        ("en;q=0.1,fr;q=0.9", None, "FR"),
        ("en;q=0,ar", None, "SA"),
        ("", None, "US"),
        ("ar", "fr", "FR"),
        ("ar", "DE", "SA"),
    ],
)
def test_the_guess(accept_language: str, hint: str | None, code: str) -> None:
    assert markets.guess(accept_language, hint, on=TODAY).code == code


@given(st.text(max_size=300))
def test_a_guess_is_always_some_market_whatever_the_header_says(accept_language: str) -> None:
    assert markets.guess(accept_language, on=TODAY).code in {"FR", "SA", "SG", "US"}


def test_the_language_is_the_browsers_if_the_market_has_it() -> None:
    saudi = markets.market("SA", TODAY)
    assert markets.language("de,FR-ca;q=0.5", saudi) == "fr"
    assert markets.language("de", saudi) == "ar"


def test_every_market_has_a_name_in_every_language() -> None:
    for market in read_all():
        assert all(market.names.by_language[tag].strip() for tag in tongues.spoken())


def test_a_market_is_added_by_a_file_alone(tmp_path: Path) -> None:
    text = FILES["SG"].read_text().replace('code = "SG"', 'code = "XK"').replace('"SGD"', '"EUR"')
    (tmp_path / "xk").mkdir()
    (tmp_path / "xk" / "market.toml").write_text(text)
    packs.use(PackSettings(tmp_path))
    try:
        assert markets.market("XK", TODAY).currency == "EUR"
        assert markets.market("SG", TODAY).currency == "SGD"
    finally:
        packs.use(PackSettings())
    assert "XK" not in [market.code for market in read_all()]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rank = 2\n", ""),
        ("rank = 2\n", "rank = 2\nmood = 1\n"),
        ('"EUR"', '"EUX"'),
        ("Europe/Paris", "Europe/Atlantis"),
        ('ending = "0.90"', 'ending = "0.905"'),
        ('ending = "0.90"', "ending = 0.90"),
        ('ending = "0.90"', 'ending = "1.90"'),
        ('scheme = "IOSS"', 'scheme = "NONE_SUCH"'),
        ('["card"]', '["card", "cod"]'),
        ('digits = "latn"', 'digits = "roman"'),
        ('"duty", "fee"', '"duties", "fee"'),
        ('en = "France"', 'it = "Francia"'),
        ('mark = "knowledge"', 'mark = "rumour"'),
        ("[[edition]]", "[[editions]]"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(tmp_path: Path, old: str, new: str) -> None:
    text = FILES["FR"].read_text()
    assert old in text
    path = tmp_path / "fr.toml"
    path.write_text(text.replace(old, new))
    with pytest.raises(BrokenMarket):
        read_file(path)


def test_two_editions_never_hold_on_one_day(tmp_path: Path) -> None:
    text = FILES["SG"].read_text()
    path = tmp_path / "sg.toml"
    path.write_text(text + text)
    with pytest.raises(BrokenMarket):
        read_file(path)
    second = text.replace("valid_from = 2026-01-01", "valid_from = 2027-01-01")
    path.write_text(text.replace("rank = 3", "rank = 3\nvalid_to = 2026-12-31") + second)
    assert [market.valid_from.year for market in read_file(path)] == [2026, 2027]

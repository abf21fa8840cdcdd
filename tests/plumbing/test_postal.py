# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.ground.places import COUNTRIES, Address, Country
from silkcast.plumbing.postal import lines, one_line


def at(
    country: str,
    name: str,
    street: str,
    city: str = "",
    postcode: str = "",
    region: str = "",
    district: str = "",
) -> Address:
    return Address(Country(country), name, street, city, postcode, region, district)


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        (
            at("JP", "山田 花子", "神宮前1-2-3", "渋谷区", "150-0001", "東京都"),
            ("〒150-0001", "東京都", "渋谷区神宮前1-2-3", "山田 花子"),
        ),
        (
            at("JP", "Hanako Yamada", "1-2-3 Jingumae", "Shibuya", "150-0001", "Tokyo"),
            ("Hanako Yamada", "1-2-3 Jingumae, Shibuya, Tokyo", "150-0001"),
        ),
        (
            at("HK", "Chan Tai Man", "12 Nathan Road", "Tsim Sha Tsui", "999077", "Kowloon"),
            ("Chan Tai Man", "12 Nathan Road", "Tsim Sha Tsui", "Kowloon"),
        ),
        (at("HK", "陳大文", "彌敦道12號", "尖沙咀", "", "九龍"), ("九龍", "尖沙咀", "彌敦道12號", "陳大文")),
        (
            at("AE", "Noura Ali", "PO Box 4422", "Dubai", "", "Dubai"),
            ("Noura Ali", "PO Box 4422", "Dubai"),
        ),
        (
            at("AE", "Noura Ali", "PO Box 4422", "Al Ain", "", "Abu Dhabi"),
            ("Noura Ali", "PO Box 4422, Al Ain", "Abu Dhabi"),
        ),
        (
            at("CN", "王小明", "中山路1号", "杭州市", "310000", "浙江省", "西湖区"),
            ("310000", "浙江省杭州市西湖区", "中山路1号", "王小明"),
        ),
        (
            at("ID", "Sukarno", "Jl. Sudirman 1", "Jakarta Selatan", "12190", "DKI Jakarta"),
            ("Sukarno", "Jl. Sudirman 1", "Jakarta Selatan", "DKI Jakarta 12190"),
        ),
        (
            at("VN", "Nguyễn Văn An", "12 Lê Lợi", "Quận 1", "", "Hồ Chí Minh"),
            ("Nguyễn Văn An", "12 Lê Lợi", "Quận 1", "Hồ Chí Minh"),
        ),
        (at("SG", "Tan", "1 Orchard Rd", "Singapore", "238801"), ("Tan", "1 Orchard Rd", "SINGAPORE 238801")),
        (
            at("BR", "João", "Rua A 1", "São Paulo", "01310-100", "SP", "Bela Vista"),
            ("João", "Rua A 1", "Bela Vista", "São Paulo-SP", "01310-100"),
        ),
        (at("US", "Jo", "1 Main St", "Austin"), ("Jo", "1 Main St", "Austin")),
        (
            at("RU", "Иван", "ул. Ленина 1", "Москва", "101000", "Москва"),
            ("Иван", "ул. Ленина 1", "Москва", "101000"),
        ),
        (
            at("FR", "Camille", "12 rue Mercière", "Lyon", "69002"),
            ("Camille", "12 rue Mercière", "69002 Lyon"),
        ),
    ],
)
def test_each_country_has_its_own_form(address: Address, printed: tuple[str, ...]) -> None:
    assert lines(address) == printed


def test_one_line_leaves_the_name_out() -> None:
    assert one_line(at("FR", "Camille", "12 rue Mercière", "Lyon", "69002")) == "12 rue Mercière, 69002 Lyon"
    assert (
        one_line(at("JP", "花子", "神宮前1", "渋谷区", "150-0001", "東京都"))
        == "〒150-0001 東京都 渋谷区神宮前1"
    )


@given(
    country=st.sampled_from(sorted(COUNTRIES)),
    parts=st.fixed_dictionaries(
        {name: st.sampled_from(["", f"{name} one"]) for name in ("company", "region", "district")}
    ),
)
def test_nothing_that_was_written_is_lost(country: str, parts: dict[str, str]) -> None:
    whole = "\n".join(lines(Address(Country(country), "Somebody", "Street 7", "Town", **parts)))

    for text in ("Somebody", "Street 7", *filter(None, parts.values())):
        assert text in whole
    assert "  " not in whole
    assert ", ," not in whole

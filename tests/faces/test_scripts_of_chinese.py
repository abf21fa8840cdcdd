# SPDX-License-Identifier: Apache-2.0
"""Simplified and Traditional Chinese keep to their own characters: no catalog holds the other's words."""

from __future__ import annotations

import pytest

from silkcast.faces.words import catalog


def sentences(language: str) -> list[str]:
    said = [one.string or "" for one in catalog.read(language) if one.id]
    return ["".join(one) for one in said]


def is_written_in(text: str, coding: str) -> bool:
    """Whether a national character set of the 1980s, which has one script alone, holds all its characters."""
    han = "".join(sign for sign in text if "\u4e00" <= sign <= "\u9fff")
    return han.encode(coding, "ignore").decode(coding) == han


@pytest.mark.parametrize(("language", "coding"), [("zh", "gb2312"), ("zh-Hant", "big5")])
def test_every_sentence_is_in_its_script(language: str, coding: str) -> None:
    assert [one for one in sentences(language) if not is_written_in(one, coding)] == []


def test_the_other_script_is_found() -> None:
    assert is_written_in("订单", "gb2312")
    assert not is_written_in("訂單", "gb2312")
    assert not is_written_in("订单", "big5")

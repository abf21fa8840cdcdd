# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from silkcast.ground.language import Words, base_of, closest, direction, liked
from silkcast.plumbing import tongues

ALL = tuple(tongues.known())


@pytest.mark.parametrize(
    ("wanted", "read"),
    [
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("ZH-hant", "zh-Hant"),
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("zh-Hans-SG", "zh"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("es-MX", "es"),
        ("es-419", "es"),
        ("in", "id"),
        ("in-ID", "id"),
        ("ar-AE", "ar"),
        ("en_US", "en"),
    ],
)
def test_a_browsers_tag_finds_its_language(wanted: str, read: str) -> None:
    assert closest(wanted, ALL) == read


@pytest.mark.parametrize("wanted", ["nl", "ms", "zhx", "", "x-klingon"])
def test_no_language_answers_for_another(wanted: str) -> None:
    assert closest(wanted, ALL) is None


def test_without_its_own_script_chinese_is_read_in_the_other() -> None:
    assert closest("zh-TW", ("en", "zh")) == "zh"
    assert closest("zh-CN", ("en", "zh-Hant")) == "zh-Hant"


@pytest.mark.parametrize(
    ("reader", "written", "picked"),
    [
        ("zh-Hant", ("en", "zh", "zh-Hant"), "zh-Hant"),
        ("zh-Hant", ("fr", "en", "zh"), "zh"),
        ("zh", ("en", "zh-Hant"), "zh-Hant"),
        ("pt-BR", ("en", "pt"), "pt"),
        ("pt-BR", ("en", "pt-PT"), "pt-PT"),
        ("pt", ("en", "pt-BR"), "pt-BR"),
        ("es", ("fr", "en"), "en"),
        ("ja", ("fr", "ru"), "fr"),
    ],
)
def test_a_text_falls_back_to_what_its_reader_reads(
    reader: str, written: tuple[str, ...], picked: str
) -> None:
    assert Words({tag: f"said in {tag}" for tag in written}).pick(reader) == (picked, f"said in {picked}")


def test_an_empty_text_is_none() -> None:
    assert Words({"zh-Hant": "", "zh": "茶杯", "en": "cup"}).pick("zh-Hant") == ("zh", "茶杯")


@pytest.mark.parametrize(
    ("tag", "runs"),
    [
        ("ar", "rtl"),
        ("ar-SA", "rtl"),
        ("ckb-Arab", "rtl"),
        ("az-Latn", "ltr"),
        ("zh-Hant", "ltr"),
        ("he", "rtl"),
    ],
)
def test_direction_is_told_by_language_and_script(tag: str, runs: str) -> None:
    assert direction(tag) == runs


def test_a_browsers_list_is_read_by_its_weights() -> None:
    assert liked("en;q=0.3, zh-TW;q=0.9, *;q=0.1, fr;q=0, de;q=x") == ("zh-TW", "en")
    assert base_of("zh-Hant") == "zh"

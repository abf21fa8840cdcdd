# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from silkcast.ground.language import Words
from silkcast.plumbing.catalogs import catalog, cldr, compiled, named


def test_a_name_of_the_houses_data_is_said_by_the_data_then_by_the_catalog() -> None:
    assert named(Words({"en": "Log out", "fr": "Sortir"}), "fr") == "Sortir"
    assert named(Words({"en": "Log out"}), "fr") == catalog("fr").gettext("Log out") != "Log out"
    assert named(Words({"en": "No such sentence", "zh": "无"}), "fr") == "No such sentence"
    assert named(Words({"zh": "无"}), "fr") == "无"


def test_cldr_answers_for_a_language_it_does_not_know() -> None:
    assert str(cldr("zh-Hant")) == "zh_Hant"
    assert str(cldr("en-XA")) == "en"
    assert str(cldr("tlh")) == "en"


def test_a_compiled_catalog_is_one_gettext_reads() -> None:
    assert compiled("fr").startswith(b"\xde\x12\x04\x95")

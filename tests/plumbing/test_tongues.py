# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale

from silkcast.plumbing import tongues
from silkcast.plumbing.settings import BadSettings
from silkcast.plumbing.tongues import HOUSE, LanguageSettings

TWELVE = ("en", "zh", "zh-Hant", "fr", "es", "pt-BR", "ar", "ru", "id", "th", "vi", "ja")
KOREAN = """\
tag = "ko"
name = "한국어"
direction = "ltr"
script = "Kore"
place = 130
made_by = "machine"
"""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    """An operator's folder, with Korean described in it and nothing said yet."""
    (tmp_path / "ko" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "ko" / "language.toml").write_text(KOREAN)
    yield tmp_path
    tongues.use(LanguageSettings())


def test_the_house_knows_twelve() -> None:
    assert tuple(tongues.known()) == TWELVE


def test_every_language_is_one_that_cldr_has() -> None:
    for tag, tongue in tongues.known().items():
        locale = Locale.parse(tag.replace("-", "_"))
        assert tongue.direction == {"left-to-right": "ltr", "right-to-left": "rtl"}[locale.character_order]
        own = str(locale.languages[locale.language])
        assert own.lower() in tongue.name.lower() or tag.startswith("zh"), tongue.name


def test_only_english_needs_no_speaker_to_confirm_it() -> None:
    assert not tongues.known()[tongues.ENGLISH].is_machine_made


def test_a_language_without_sentences_is_not_offered(own: Path) -> None:
    tongues.use(LanguageSettings(own))

    assert "ko" in tongues.known()
    assert not tongues.is_spoken("ko")
    assert tongues.nearest("ko-KR") is None


def test_it_is_once_most_are_there(own: Path) -> None:
    english = (HOUSE / "en" / "LC_MESSAGES" / "silkcast.po").read_text()
    (own / "ko" / "LC_MESSAGES" / "silkcast.po").write_text(
        english.replace('\nmsgstr ""\n', '\nmsgstr "말"\n').replace('] ""\n', '] "말"\n')
    )
    tongues.use(LanguageSettings(own))

    done, all_of_them = tongues.said("ko")
    assert done == all_of_them > 1000
    assert tongues.nearest("ko-KR") == "ko"
    assert tongues.best("nl, ko;q=0.9, en;q=0.5") == "ko"


def test_an_operators_file_counts_before_the_houses(own: Path) -> None:
    (own / "fr").mkdir()
    (own / "fr" / "language.toml").write_text(
        (HOUSE / "fr" / "language.toml").read_text().replace("Français", "Français (Suisse)")
    )
    tongues.use(LanguageSettings(own))

    assert tongues.tongue("fr-CH").name == "Français (Suisse)"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('tag = "ko"', 'tag = "korean"', "no language tag"),
        ('tag = "ko"', 'tag = "ja"', "stands in a folder ja"),
        ('"ltr"', '"down"', "direction is one of"),
        ("place = 130", 'place = "130"', "a whole number"),
        ('script = "Kore"\n', "", "'script' is missing"),
        ('made_by = "machine"', 'made_by = "robot"', "made_by is one of"),
        ('made_by = "machine"', 'made_by = "machine"\nflag = "KR"', "unknown key 'flag'"),
        ('name = "한국어"', "name = ", "Invalid"),
    ],
)
def test_a_file_with_a_fault_is_named(own: Path, old: str, new: str, said: str) -> None:
    path = own / "ko" / "language.toml"
    assert old in KOREAN
    path.write_text(KOREAN.replace(old, new))

    with pytest.raises(BadSettings) as refusal:
        tongues.use(LanguageSettings(own))

    assert "ko/language.toml" in str(refusal.value)
    assert said in str(refusal.value)

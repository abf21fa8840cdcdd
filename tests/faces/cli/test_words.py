# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from silkcast.faces.cli import main
from silkcast.faces.words import catalog
from silkcast.plumbing import tongues
from silkcast.plumbing.tongues import LanguageSettings
from tests.faces.pseudo import write_language


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An operator's folder with Korean, all of it made by a machine."""
    write_language(tmp_path, "ko", "한국어", script="Kore", forms=1)
    monkeypatch.setenv("SILKCAST_LANGUAGES__FOLDER", str(tmp_path))
    yield tmp_path
    tongues.use(LanguageSettings())


def say(*words: str) -> Result:
    return CliRunner().invoke(main, ["words", *words])


def test_a_machines_language_is_told_so_until_a_speaker_confirms_it(own: Path) -> None:
    before = say("check", "ko")
    confirmed = say("confirm", "ko", "--by", 'Min "M" Seo')
    after = say("check", "ko")

    assert before.exit_code == after.exit_code == 0
    assert " 0 confirmed, " in before.output
    assert "confirmed by Min" in confirmed.output
    assert ", 0 by machine" in after.output
    tongues.use(LanguageSettings(own / "nowhere"))
    tongues.use(LanguageSettings(own))
    assert "confirmed_by = " in (own / "ko" / "language.toml").read_text()


def test_who_confirmed_is_read_back(own: Path) -> None:
    say("confirm", "ko", "--by", "Min Seo")
    say("confirm", "ko", "--by", "Hana Kim")  # a second reader: the last one counts

    tongue = tongues.read_file(own / "ko" / "language.toml")

    assert tongue.confirmed_by == "Hana Kim"
    assert not tongue.is_machine_made


def test_a_new_sentence_is_the_machines_again(own: Path) -> None:
    say("confirm", "ko", "--by", "Min Seo")
    path = own / "ko" / "LC_MESSAGES" / "silkcast.po"
    path.write_text(path.read_text() + '\nmsgid "A sentence of tomorrow"\nmsgstr "내일"\n')

    assert ", 1 by machine" in say("check", "ko").output


def test_what_lacks_is_listed_and_fails(own: Path) -> None:
    path = own / "ko" / "LC_MESSAGES" / "silkcast.po"
    path.write_text(path.read_text() + '\nmsgid "A sentence of tomorrow"\nmsgstr ""\n')

    found = say("check", "ko")

    assert found.exit_code == 1
    assert "   A sentence of tomorrow" in found.output
    assert "A sentence of tomorrow" in {message.id for message in catalog.read("ko")}


def test_a_language_without_a_catalog_cannot_be_confirmed(own: Path) -> None:
    assert say("confirm", "nl", "--by", "Anna").exit_code == 2
    assert say("confirm", "ko").exit_code == 2

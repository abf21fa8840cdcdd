# SPDX-License-Identifier: Apache-2.0
"""Tongues: the languages the house speaks. Each is one folder of data, so that another comes by data alone.

`<folder>/<tag with _>/language.toml` describes it, `LC_MESSAGES/silkcast.po` beside it has its sentences.
The house's own stand in `silkcast/faces/words`; an operator's folder (`SILKCAST_LANGUAGES__FOLDER`) adds
more, and counts before the house's of the same tag. One is spoken once most sentences are there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from silkcast.ground import language as ground
from silkcast.ground.language import ENGLISH, Direction, Language, Tongue
from silkcast.plumbing.settings import BadSettings

HOUSE = Path(__file__).parents[1] / "faces" / "words"
FILE = "language.toml"
DOMAIN = "silkcast"
ENOUGH = 0.8
"""The share of sentences from which a language is offered; the rest is shown in English."""
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_UNSAID = re.compile(r'^msgstr(?:\[\d+\])? ""\n(?!")', re.MULTILINE)
_folders: tuple[Path, ...] = (HOUSE,)


@dataclass(frozen=True, slots=True)
class LanguageSettings:
    """A folder of the operator's own languages, beside those of the house."""

    folder: Path | None = None


def use(settings: LanguageSettings) -> None:
    """From now on, languages are read from these folders. Called by main, once a process."""
    global _folders
    _folders = (HOUSE,) if settings.folder is None else (HOUSE, settings.folder)
    known()


def folders() -> tuple[Path, ...]:
    """Where languages are kept: what reads them may keep what it read by this."""
    return _folders


def known() -> Mapping[Language, Tongue]:
    """Every language there is a file of, by tag, in the order of lists."""
    tongues, _ = _read(_folders)
    ground.know({str(tag): tongue for tag, tongue in tongues.items()})
    return tongues


def spoken() -> tuple[Language, ...]:
    """The languages that pages are offered in: those with enough sentences."""
    return _spoken(_folders)


def is_spoken(tag: str) -> bool:
    return tag in spoken()


def tongue(tag: str) -> Tongue:
    """The language of this tag, or the nearest that is known."""
    tongues = known()
    nearest = ground.closest(tag, tongues)
    return tongues[nearest if nearest is not None else ENGLISH]


def best(accept_language: str) -> Language | None:
    """The spoken language that a browser likes best, if it likes one."""
    for tag in ground.liked(accept_language):
        if (found := nearest(tag)) is not None:
            return found
    return None


def nearest(tag: str) -> Language | None:
    """The spoken language that a reader of this tag is answered in."""
    return _nearest(tag, _folders)


def source(tag: str) -> Path:
    """Where the sentences of a language are kept."""
    _, places = _read(_folders)
    place = places.get(Language(tag), HOUSE / tag.replace("-", "_"))
    return place / "LC_MESSAGES" / f"{DOMAIN}.po"


def said(tag: str) -> tuple[int, int]:
    """(sentences with a translation, all sentences of the house)."""
    return _said(source(tag))[0], _said(source(ENGLISH))[1]


@lru_cache(maxsize=16)
def _read(folders: tuple[Path, ...]) -> tuple[Mapping[Language, Tongue], Mapping[Language, Path]]:
    found: dict[Language, Tongue] = {}
    places: dict[Language, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*/{FILE}")):
            one = read_file(path)
            found[one.tag], places[one.tag] = one, path.parent
    ordered = sorted(found.values(), key=lambda one: (one.place, one.tag))
    return {one.tag: one for one in ordered}, places


@lru_cache(maxsize=16)
def _spoken(folders: tuple[Path, ...]) -> tuple[Language, ...]:
    return tuple(tag for tag in known() if tag == ENGLISH or _has_enough(tag))


@lru_cache(maxsize=4096)
def _nearest(tag: str, folders: tuple[Path, ...]) -> Language | None:
    return ground.closest(tag, _spoken(folders))


def _has_enough(tag: Language) -> bool:
    done, all_of_them = said(tag)
    return done >= all_of_them * ENOUGH


def _said(path: Path) -> tuple[int, int]:
    """(translated, all) of a catalog, counted without taking it apart: it is asked at every start."""
    if not path.exists():
        return 0, 0
    whole = path.read_text(encoding="utf-8") + "\n"
    entries = [
        entry
        for entry in whole.split("\n\n")[1:]
        if "\nmsgid " in f"\n{entry}" and not entry.startswith("#~")
    ]
    return sum(1 for entry in entries if not _UNSAID.search(f"{entry}\n")), len(entries)


def read_file(path: Path) -> Tongue:
    """The language of a file, or `BadSettings` that names what is wrong with it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        made = _tongue(table)
        if made.tag.replace("-", "_") != path.parent.name:
            raise ValueError(f"{made.tag} stands in a folder {made.tag.replace('-', '_')}")
    except (KeyError, TypeError, ValueError, tomllib.TOMLDecodeError) as fault:
        reason = f"{fault} is missing" if isinstance(fault, KeyError) else str(fault)
        raise BadSettings([f"{path.parent.name}/{path.name}: {reason}"]) from None
    return made


def _tongue(table: Mapping[str, Any]) -> Tongue:
    for key in table:
        if key not in {field.name for field in fields(Tongue)}:
            raise ValueError(f"unknown key {key!r}")
    if not _TAG.fullmatch(table["tag"]) or not re.fullmatch(r"[A-Z][a-z]{3}", table["script"]):
        raise ValueError(f"{table['tag']!r} is no language tag, or {table['script']!r} no script")
    for key, kinds in (("direction", get_args(Direction)), ("made_by", ("people", "machine"))):
        if table[key] not in kinds:
            raise ValueError(f"{key} is one of {', '.join(kinds)}")
    if not table["name"].strip() or type(table["place"]) is not int:
        raise ValueError("a language has a name, and a whole number as its place")
    lists = {key: tuple(table.get(key, ())) for key in ("falls_back", "answers_to")}
    return Tongue(**{**table, **lists, "tag": Language(table["tag"])})

# SPDX-License-Identifier: Apache-2.0
"""Reads rows, categories and words from TOML, strictly: what is not known is refused with line and reason.

`tomllib` forgets lines. They are found again by the heads of tables (`[[row]]`), which stand in their order.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, cast, get_args

from silkcast.ground.places import COUNTRIES

from .errors import BadBarred
from .plain import plain
from .sieve import Denials, Keyword
from .values import PAPERS, REASONS, Effect, Mark, Match, Row, What

CODE = re.compile(r"[a-z][a-z0-9_]{1,39}\Z")
HS = re.compile(r"[0-9]{2,10}\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
_ERROR_LINE = re.compile(r"at line (\d+)")
_ROW_KEYS = frozenset(
    """code what match only except_hs whole_text effect papers reason law source mark valid_from
    valid_to""".split()
)
_NEEDED = ("code", "what", "match", "effect", "reason", "source", "mark", "valid_from")


@dataclass(frozen=True, slots=True)
class Category:
    """A class of goods that many rows name."""

    code: str
    hs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """What one file of barred goods says, of which markets."""

    file: str
    markets: tuple[str, ...]
    rows: tuple[Row, ...]
    keywords: tuple[Keyword, ...]


class _Place:
    """A table of a file, and the line it begins on."""

    def __init__(self, file: str, line: int, found: Any) -> None:
        self.file, self.line = file, line
        if not isinstance(found, dict):
            self.wrong("a table was expected")
        self.found: dict[str, Any] = found

    def wrong(self, why: str) -> NoReturn:
        raise BadBarred(self.file, self.line, why)

    def only(self, allowed: Sequence[str] | frozenset[str], needed: Sequence[str] = ()) -> None:
        for key in self.found:
            if key not in allowed:
                self.wrong(f"{key!r} is not known here")
        for key in needed:
            if key not in self.found:
                self.wrong(f"{key} is missing")

    def text(self, key: str, default: str | None = None) -> str:
        found = self.found.get(key, default)
        if not isinstance(found, str) or (default is None and not found.strip()):
            self.wrong(f"{key} is a text")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.found.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
            self.wrong(f"{key} is a list of texts")
        if key in self.found and not found:
            self.wrong(f"{key} is empty")
        return tuple(found)

    def one_of(self, key: str, allowed: Sequence[str] | frozenset[str]) -> str:
        found = self.text(key)
        if found not in allowed:
            self.wrong(f"{key} is none of {', '.join(sorted(allowed))}")
        return found

    def day(self, key: str) -> date | None:
        found = self.found.get(key)
        if found is not None and type(found) is not date:
            self.wrong(f"{key} is a day")
        return found

    def table(self, key: str) -> _Place:
        return _Place(self.file, self.line, self.found[key])


def document(octets: bytes, file: str) -> tuple[dict[str, Any], str]:
    try:
        text = octets.decode()
        return tomllib.loads(text), text
    except UnicodeDecodeError:
        raise BadBarred(file, 1, "this is no UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        line = _ERROR_LINE.search(str(broken))
        raise BadBarred(file, int(line[1]) if line else 1, str(broken)) from None


def lines_of(text: str, head: str) -> list[int]:
    """On which lines tables of this head begin."""
    wanted = f"[[{head}]]"
    return [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if line.split("#")[0].replace(" ", "").replace("\t", "").strip() == wanted
    ]


def read_pack(octets: bytes, file: str, categories: Mapping[str, Category]) -> Pack:
    """The rows of one file, for its own market or for those it names."""
    found, text = document(octets, file)
    top = _Place(file, 1, found)
    top.only(("markets", "row"), ("row",))
    markets = top.texts("markets") or (file,)
    for market in markets:
        if market not in COUNTRIES:
            top.wrong(f"{market} is no country")
    if not isinstance(found["row"], list):
        top.wrong("row is a list of tables")
    begins = lines_of(text, "row")
    rows: list[Row] = []
    keywords: list[Keyword] = []
    for number, one in enumerate(found["row"]):
        place = _Place(file, begins[number] if number < len(begins) else 1, one)
        row, words = _row(place, file, categories)
        for earlier in rows:
            if earlier.code == row.code and _meet(earlier, row):
                place.wrong(f"two rows {row.code} speak for one day")
        rows.append(row)
        keywords += words
    return Pack(file, markets, tuple(rows), tuple(keywords))


def _meet(one: Row, other: Row) -> bool:
    first, second = sorted((one, other), key=lambda row: row.valid_from)
    return first.valid_to is None or first.valid_to >= second.valid_from


def _row(place: _Place, file: str, categories: Mapping[str, Category]) -> tuple[Row, list[Keyword]]:
    place.only(_ROW_KEYS, _NEEDED)
    code = place.text("code")
    if not CODE.match(code):
        place.wrong("a code is small letters, digits and _")
    match, words = _match(place.table("match"), f"{file}:{code}", categories, has_keywords=True)
    if match == Match():
        place.wrong("match names nothing")
    only = None
    if "only" in place.found:
        only, _ = _match(place.table("only"), "", categories, has_keywords=False)
    effect = cast(Effect, place.one_of("effect", get_args(Effect)))
    papers = place.texts("papers")
    for paper in papers:
        if paper not in PAPERS:
            place.wrong(f"there is no kind of paper {paper!r}")
    if (effect == "papers") != bool(papers) and effect != "warn":
        place.wrong("papers are named where the effect is papers")
    valid_from, valid_to = place.day("valid_from"), place.day("valid_to")
    assert valid_from is not None, "needed above"
    if valid_to is not None and valid_to < valid_from:
        place.wrong("it ends before it begins")
    whole_text = place.found.get("whole_text", False)
    if not isinstance(whole_text, bool):
        place.wrong("whole_text is true or false")
    row = Row(
        code=code,
        what=cast(What, place.one_of("what", get_args(What))),
        match=match,
        only=only,
        except_hs=_prefixes(place, "except_hs"),
        whole_text=whole_text,
        effect=effect,
        papers=papers,
        reason=place.one_of("reason", REASONS),
        law=place.text("law", ""),
        source=place.text("source"),
        mark=cast(Mark, place.one_of("mark", get_args(Mark))),
        valid_from=valid_from,
        valid_to=valid_to,
        file=file,
    )
    return row, words


def _match(
    place: _Place, of: str, categories: Mapping[str, Category], *, has_keywords: bool
) -> tuple[Match, list[Keyword]]:
    place.only(("categories", "hs", "attributes", "keywords", "harmless"))
    for one in place.texts("categories"):
        if one not in categories:
            place.wrong(f"there is no category {one!r}")
    for one in place.texts("attributes"):
        if one != "battery" and not (one.startswith("origin:") and one[7:] in COUNTRIES):
            place.wrong(f"there is no attribute {one!r}")
    words = _keywords(place, of, "keywords", is_harmless=False)
    if words and not has_keywords:
        place.wrong("keywords stand in match")
    harmless = _keywords(place, of, "harmless", is_harmless=True)
    made = Match(place.texts("categories"), _prefixes(place, "hs"), place.texts("attributes"), bool(words))
    return made, words + harmless


def _prefixes(place: _Place, key: str) -> tuple[str, ...]:
    for one in place.texts(key):
        if not HS.match(one):
            place.wrong(f"{one!r} is no beginning of an HS code")
    return place.texts(key)


def _keywords(place: _Place, of: str, key: str, *, is_harmless: bool) -> list[Keyword]:
    if key not in place.found:
        return []
    by_language = place.table(key)
    made = []
    for language in by_language.found:
        if not LANGUAGE.match(language):
            place.wrong(f"{language!r} is no language")
        for word in by_language.texts(language):
            if not plain(word.removesuffix("*")):
                place.wrong(f"{word!r} is no word")
            made.append(Keyword(of, language, word, is_harmless))
    return made


def read_categories(octets: bytes, file: str) -> dict[str, Category]:
    found, _ = document(octets, file)
    made = {}
    for code, table in found.items():
        place = _Place(file, 1, table)
        place.only(("hs", "note"))
        if not CODE.match(code):
            place.wrong(f"{code!r} is no code of a category")
        made[code] = Category(code, _prefixes(place, "hs"))
    return made


def read_words(
    octets: bytes, file: str, language: str, categories: Mapping[str, Category]
) -> tuple[Denials, list[Keyword]]:
    """The words of one language: how it denies, and what it calls the goods of each category."""
    found, text = document(octets, file)
    denials = Denials()
    keywords: list[Keyword] = []
    for code, table in found.items():
        lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == f"[{code}]"]
        place = _Place(file, lines[0] if lines else 1, table)
        if code == "denial":
            place.only(("before", "after", "joins"))
            denials = Denials(place.texts("before"), place.texts("after"), place.texts("joins"))
            continue
        place.only(("words", "harmless"), ("words",))
        if code not in categories:
            place.wrong(f"there is no category {code!r}")
        for key in ("words", "harmless"):
            for word in place.texts(key):
                if not plain(word.removesuffix("*")):
                    place.wrong(f"{word!r} is no word")
                keywords.append(Keyword(code, language, word, key == "harmless"))
    return denials, keywords

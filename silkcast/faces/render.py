# SPDX-License-Identifier: Apache-2.0
"""Render: a view and a visit become a page.

Every template gets `view` (a frozen dataclass that the page's `views.py` documents), `visit`, `f` (the
reader's Format), the words `_` and `ngettext`, and the globals `asset`, `imports`, `words_in`, `initials`.
Parts are imported without context, so that they are made once: those that write figures take `f` first.
Templates hold no sums: what they show is worked out before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any
from unicodedata import bidirectional

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from silkcast.faces.assets import asset, imports
from silkcast.faces.format import Format, initials
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.ground.language import Words, direction
from silkcast.plumbing import tongues

TEMPLATES = Path(__file__).parent / "templates"
_ROW = re.compile(r"<tr[\s>].*?</tr>", re.S)
_TICKED = re.compile(r"`([^`]+)`")
_CELL = re.compile(r"<td(?=[\s>])")


def words_in(words: Words, language: str) -> Markup:
    """What a seller or a viewer wrote, in the reader's language if there is one, else marked as foreign."""
    tag, text = words.pick(language)
    if tag == language:
        return Markup("<bdi>{}</bdi>").format(text)
    return Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(tag, direction(tag), text)


def is_machine_made(language: str) -> bool:
    return tongues.tongue(language).is_machine_made


def languages_to_write(own: str, written: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """(fields to show, fields on demand): one's own language, English, and what is written already come
    first; nobody is asked to fill in twelve boxes."""
    spoken = sorted(tongues.spoken(), key=lambda tag: tag != own)
    first = [str(tag) for tag in spoken if tag in (own, "en") or written.get(tag)]
    return first, [str(tag) for tag in spoken if tag not in first]


def ticked(text: str) -> Markup:
    """A sentence with its `names` set as code."""
    return Markup(_TICKED.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 escaped before


def direction_of(text: str) -> str:
    """A message's own direction, by its first strong letter; `dir="auto"` would be led astray by names."""
    for letter in text:
        kind = bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "auto"


class OnceForAll(BytecodeCache):
    """A template compiled for one language is compiled for all: they differ in what its words call."""

    def __init__(self) -> None:
        self._made: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._made.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._made[bucket.key] = bucket.code


_ONCE_FOR_ALL = OnceForAll()


def labelled(head: Sequence[tuple[str, str]], rows: str) -> Markup:
    """Rows of a table, each cell but the first with its column's name: on a phone a row is read as a card."""

    def row(found: re.Match[str]) -> str:
        names: Iterator[str] = iter([name for name, _ in head])
        next(names, "")
        cells = _CELL.split(found[0])
        if "colspan" in found[0] or len(cells) < 3:
            return found[0]
        told = [
            Markup(' data-label="{}"').format(name) if name else Markup("")
            for name in (next(names, "") for _ in cells[2:])
        ]
        return (
            cells[0]
            + "<td"
            + cells[1]
            + "".join(f"<td{one}{cell}" for one, cell in zip(told, cells[2:], strict=True))
        )

    return Markup(_ROW.sub(row, rows))  # noqa: S704 what the templates wrote, with names that are escaped


def environment(language: str) -> Environment:
    """One environment a language, for each has its own words."""
    return _environment(language, tongues.folders())


@lru_cache(maxsize=64)
def _environment(language: str, folders: tuple[Path, ...]) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
        bytecode_cache=_ONCE_FOR_ALL,
    )
    made.install_gettext_translations(catalog(language), newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        asset=asset,
        direction_of=direction_of,
        imports=imports,
        initials=initials,
        labelled=labelled,
        ticked=ticked,
        languages=tongues.spoken(),
        languages_to_write=languages_to_write,
        direction=direction,
        is_machine_made=is_machine_made,
        words_in=words_in,
    )
    return made


def render(template: str, view: object, visit: Visit, **more: Any) -> str:
    """The page as text. `more` is for what a layout asks beside the view (the side's places, say)."""
    page = environment(visit.language).get_template(template)
    return page.render(view=view, visit=visit, f=Format.of(visit), **more)

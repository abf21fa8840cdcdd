# SPDX-License-Identifier: Apache-2.0
"""Names of countries and languages, as CLDR has them: what a file does not say itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_global

from silkcast.ground.places import Country
from silkcast.plumbing import tongues


@lru_cache(maxsize=512)
def is_language(tag: str) -> bool:
    """Whether the tag (BCP 47: `de`, `zh-Hant`, `pt-BR`) is one that CLDR knows."""
    name = tag.replace("-", "_")
    return localedata.exists(name) and localedata.normalize_locale(name) == name


@lru_cache(maxsize=1024)
def reads(tag: str) -> tuple[str, str]:
    """The language of a tag and the script it is read in: `zh-TW` is `zh` in `Hant`. Of a tag that nobody
    knows, what stands before its first dash."""
    base = tag.split("-")[0].lower()
    try:
        found = Locale.parse("_".join(tag.split("-")))
    except (UnknownLocaleError, ValueError, TypeError):
        return base, ""
    return found.language, found.script or _likely_script(found.language)


@lru_cache(maxsize=256)
def _likely_script(language: str) -> str:
    return str(get_global("likely_subtags").get(language, "__").split("_")[1])


@lru_cache(maxsize=4096)
def territory(code: str, language: str) -> str:
    """The country's name in a language; empty where CLDR has none."""
    try:
        return str(Locale.parse(language.replace("-", "_")).territories.get(code, ""))
    except (UnknownLocaleError, ValueError):
        return ""


class TerritoryNames(Mapping[str, str]):
    """A country's names: those of its file, and CLDR's in every other language. Looked up when asked for."""

    def __init__(self, code: Country, own: Mapping[str, str]) -> None:
        self._code = code
        self._own = own

    def __getitem__(self, language: str) -> str:
        found = self._own.get(language) or territory(self._code, language)
        if not found:
            raise KeyError(language)
        return found

    def __iter__(self) -> Iterator[str]:
        tags = dict.fromkeys((*map(str, tongues.known()), *self._own))
        return (tag for tag in tags if self._own.get(tag) or territory(self._code, tag))

    def __len__(self) -> int:
        return sum(1 for _ in self)

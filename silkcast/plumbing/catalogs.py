# SPDX-License-Identifier: Apache-2.0
"""Catalogs: the sentences of a language, read compiled, or compiled in memory where they are newer."""

from __future__ import annotations

import io
from functools import lru_cache
from gettext import GNUTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from silkcast.ground.language import ENGLISH, Words, fallbacks
from silkcast.plumbing.tongues import DOMAIN, source


def read(language: str) -> Catalog:
    """The sentences of a language with their places and comments."""
    with source(language).open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"), domain=DOMAIN)


def compiled(language: str) -> bytes:
    target = io.BytesIO()
    write_mo(target, read(language))
    return target.getvalue()


def catalog(language: str) -> GNUTranslations:
    """The translations of a language the house speaks; English answers with the sentence itself."""
    return _catalog(language, source(language))


@lru_cache(maxsize=64)
def _catalog(language: str, path: Path) -> GNUTranslations:
    ready = path.with_suffix(".mo")
    if ready.exists() and ready.stat().st_mtime >= path.stat().st_mtime:
        return GNUTranslations(io.BytesIO(ready.read_bytes()))
    return GNUTranslations(io.BytesIO(compiled(language)))


def named(words: Words, language: str) -> str:
    """A name that the house's own data has, in the reader's language: as the data says it, else as the
    catalog says its English."""
    if own := words.by_language.get(language):
        return own
    english = words.by_language.get(ENGLISH, "")
    said = catalog(language).gettext(english) if english else ""
    return said if said != english else words.text(language)


@lru_cache(maxsize=64)
def cldr(language: str) -> Locale:
    """What CLDR knows of a language, else of the one its readers read too."""
    for tag in fallbacks(language):
        try:
            return Locale.parse(tag.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("CLDR knows English")

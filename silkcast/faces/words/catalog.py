# SPDX-License-Identifier: Apache-2.0
"""The catalogs: read compiled, or compiled in memory where the sentences are newer."""

from __future__ import annotations

import io
import json
from functools import lru_cache
from gettext import GNUTranslations, c2py
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from silkcast.plumbing.tongues import DOMAIN as DOMAIN
from silkcast.plumbing.tongues import source as source


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


def script_words(language: str) -> str:
    """What the scripts of `web/` say in a language, as JSON: a sentence, or the list of its plural forms.

    Under the empty key stands which form each number takes, one digit a number from 0 to 199: larger ones go
    by their last two digits (only Breton counts millions apart)."""
    kept = read(language)
    form = c2py(kept.plural_expr)
    said: dict[str, str | list[str]] = {"": "".join(str(form(number)) for number in range(200))}
    for message in kept:
        if not message.id or not any(place.startswith("web/") for place, _ in message.locations):
            continue
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if not forms or not all(forms):
            continue
        plural = not isinstance(message.id, str)
        said[message.id[0] if plural else str(message.id)] = forms if plural else forms[0]
    return json.dumps(said, ensure_ascii=False, sort_keys=True)

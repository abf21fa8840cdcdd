# SPDX-License-Identifier: Apache-2.0
"""Glossary: a text with a shop's words put over, before an engine sees it or where it knows nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from silkcast.ground.scripts import script_of
from silkcast.who.translations.values import Term

_UNSPACED = ("Hani", "Jpan", "Thai", "Laoo", "Khmr", "Mymr")


def put_in(
    text: str,
    terms: Sequence[Term],
    *,
    meaning: Callable[[str], str] = str,
    rest: Callable[[str], str] = str,
) -> str:
    """The text with every word of the glossary put over; `meaning` and `rest` write the pieces."""
    if not terms:
        return rest(text)
    meanings = {term.word.casefold(): term.meaning for term in reversed(terms)}
    made, at = "", 0
    for found in re.finditer("|".join(_whole(term.word) for term in terms), text, re.IGNORECASE):
        said = meanings.get(found[0].casefold())
        if said is not None:
            made += rest(text[at : found.start()]) + meaning(said)
            at = found.end()
    return made + rest(text[at:])


def _whole(word: str) -> str:
    """Words stand alone in scripts with spaces, anywhere in the others."""
    plain = re.escape(word)
    return plain if script_of(word) in _UNSPACED else rf"(?<!\w){plain}(?!\w)"

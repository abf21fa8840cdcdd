# SPDX-License-Identifier: Apache-2.0
"""The catalogs at the face: for pages as they are, for scripts as JSON."""

from __future__ import annotations

import json
from gettext import c2py

from silkcast.plumbing.catalogs import catalog as catalog
from silkcast.plumbing.catalogs import compiled as compiled
from silkcast.plumbing.catalogs import read as read
from silkcast.plumbing.tongues import DOMAIN as DOMAIN
from silkcast.plumbing.tongues import source as source


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

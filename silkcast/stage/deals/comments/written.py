# SPDX-License-Identifier: Apache-2.0
"""Written: in which language a comment is to be read."""

from __future__ import annotations

import re

from silkcast.ground.language import base_of

SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
)


def written_in(text: str, language: str) -> str:
    """The language to read a comment in: that of its script where the page's language has another one."""
    if base_of(language) == "ja" and SCRIPTS[3][1].search(text):
        return language
    found = next((name for name, script in SCRIPTS if script.search(text)), language)
    return language if base_of(language) == found else found

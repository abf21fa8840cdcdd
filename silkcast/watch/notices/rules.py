# SPDX-License-Identifier: Apache-2.0
"""Which words a notice has."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from .values import Kind, Letter


@cache
def words(language: str) -> Mapping[str, Mapping[str, str]]:
    """The words of a language, by kind; English where a language is not spoken here."""
    folder = resources.files(__package__) / "words"
    page = folder / f"{language.split('-')[0]}.toml"
    if not page.is_file():
        page = folder / "en.toml"
    return tomllib.loads(page.read_text("utf-8"))


def write(kind: Kind, to: str, language: str, facts: Mapping[str, str]) -> Letter:
    """The letter of this kind; every placeholder must be among `facts`."""
    sheet = words(language)[kind]
    return Letter(
        to=to,
        language=language,
        subject=sheet["subject"].format_map(facts),
        body=sheet["body"].strip().format_map(facts) + "\n",
    )

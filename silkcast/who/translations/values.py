# SPDX-License-Identifier: Apache-2.0
"""What translations hands in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from silkcast.ground.ids import SellerId, TermId


@dataclass(frozen=True, slots=True)
class NewTerm:
    """How a word is put in another language."""

    source: str
    target: str
    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Term:
    """The same, kept: of a shop, or of the whole house where there is no seller."""

    id: TermId
    seller: SellerId | None
    source: str
    target: str
    word: str
    meaning: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Rendering:
    """An engine's answer to one text, and the language it took the text to be in."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Translated:
    """A text put into `language` by a machine."""

    text: str
    language: str
    source: str
    engine: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """What the memory has of some texts, and what the engine must be told for the others."""

    known: Mapping[str, Translated]
    keys: Mapping[str, bytes]
    """Under which key each text is kept."""
    terms: Sequence[Term]
    """The terms that apply to those that are not known."""
    unread: Sequence[bytes]
    """Keys of those known that nobody asked for since yesterday: reading them counts as use."""

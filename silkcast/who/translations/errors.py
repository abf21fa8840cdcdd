# SPDX-License-Identifier: Apache-2.0
"""What translations refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotFound, TooMany, Unavailable


@dataclass(eq=False)
class TranslationAway(Unavailable):
    """The engine does not answer now, or its account is used up. `reason` tells which: `silent`, `quota`."""

    code: ClassVar[str] = "translations.away"
    reason: str


@dataclass(eq=False)
class LanguageNotKnown(Invalid):
    """The engine does not speak it."""

    code: ClassVar[str] = "translations.language_not_known"
    language: str


@dataclass(eq=False)
class NotTranslated(Conflict):
    """The engine's answer was none that could be shown: a number or a name in it was another, say."""

    code: ClassVar[str] = "translations.not_translated"


@dataclass(eq=False)
class TooLong(Invalid):
    """A text is longer than what is translated at once."""

    code: ClassVar[str] = "translations.too_long"
    most: int


@dataclass(eq=False)
class Busy(TooMany):
    """More is being translated than the engine keeps up with."""

    code: ClassVar[str] = "translations.busy"


@dataclass(eq=False)
class BadTerm(Invalid):
    """A term that cannot be right: which field, and in an import which line."""

    code: ClassVar[str] = "translations.bad_term"
    field: str
    line: int = 0


@dataclass(eq=False)
class TooManyTerms(Invalid):
    code: ClassVar[str] = "translations.too_many_terms"
    most: int


@dataclass(eq=False)
class NoSuchTerm(NotFound):
    """It is not there, or not yours."""

    code: ClassVar[str] = "translations.no_such_term"

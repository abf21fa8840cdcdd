# SPDX-License-Identifier: Apache-2.0
"""Refusals: what the house says no to. A class has a stable code and typed fields; words are the face's.

A module's `errors.py` derives from one of the kinds below:

    @dataclass(eq=False)
    class StockShort(Conflict):
        code = "stock.short"
        variant: VariantId
        wanted: int
        left: int
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar


@dataclass(eq=False)
class Refusal(Exception):
    """Something that will not be done, and why. Nothing has moved when one is raised."""

    code: ClassVar[str] = "refused"

    def facts(self) -> dict[str, object]:
        """The typed fields, for the words at the face. Never personal, never secret."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        return self.code


@dataclass(eq=False)
class Invalid(Refusal):
    """What was given cannot be right."""

    code: ClassVar[str] = "invalid"


@dataclass(eq=False)
class NotFound(Refusal):
    """There is no such thing, or it is not yours: the two cannot be told apart."""

    code: ClassVar[str] = "not_found"


@dataclass(eq=False)
class NotAllowed(Refusal):
    """Known who asks, and they may not."""

    code: ClassVar[str] = "not_allowed"


@dataclass(eq=False)
class NotKnown(Refusal):
    """Not known who asks: log in first."""

    code: ClassVar[str] = "not_known"


@dataclass(eq=False)
class Conflict(Refusal):
    """Right in itself, but not in the state things are in."""

    code: ClassVar[str] = "conflict"


@dataclass(eq=False)
class TooMany(Refusal):
    """Asked too often; try again after `retry_seconds`."""

    code: ClassVar[str] = "too_many"
    retry_seconds: int


@dataclass(eq=False)
class Unavailable(Refusal):
    """Somebody outside does not answer now. Trying again later may help."""

    code: ClassVar[str] = "unavailable"

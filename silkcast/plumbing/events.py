# SPDX-License-Identifier: Apache-2.0
"""Events: facts that a module announces to those above it."""

from __future__ import annotations

from typing import ClassVar


class Event:
    """A fact in the past tense. Written as a frozen dataclass with a name that carries its version:

        @dataclass(frozen=True, slots=True)
        class StockHeld(Event):
            name: ClassVar[str] = "stock.held.v1"
            hold: HoldId

    Fields travel as JSON, so they are ids, numbers, text, moments and dataclasses of these. Their types
    are imported for real (not only while checking types), since they are read back by them.
    """

    __slots__ = ()
    name: ClassVar[str]

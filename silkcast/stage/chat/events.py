# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import LineId, ShowId
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class LineShown(Event):
    name: ClassVar[str] = "chat.line_shown.v1"
    show: ShowId
    line: LineId


@dataclass(frozen=True, slots=True)
class LineHeld(Event):
    name: ClassVar[str] = "chat.line_held.v1"
    show: ShowId
    line: LineId


@dataclass(frozen=True, slots=True)
class LineHidden(Event):
    name: ClassVar[str] = "chat.line_hidden.v1"
    show: ShowId
    line: LineId

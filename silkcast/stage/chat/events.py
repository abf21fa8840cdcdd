# SPDX-License-Identifier: Apache-2.0
"""Facts of the chat. What is said is told by who wrote it down, a batch at a time, and announces nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import LineId, ShowId
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class LineShown(Event):
    """A line that was held or hidden is there for all, or one was said where nobody gathers lines."""

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


@dataclass(frozen=True, slots=True)
class LinePinned(Event):
    """A line was pinned, or with none the pinned one was taken down."""

    name: ClassVar[str] = "chat.line_pinned.v1"
    show: ShowId
    line: LineId | None


@dataclass(frozen=True, slots=True)
class SpeakingChanged(Event):
    """The room allows something else from now on."""

    name: ClassVar[str] = "chat.speaking_changed.v1"
    show: ShowId


@dataclass(frozen=True, slots=True)
class BansChanged(Event):
    """Somebody was banned from the show, or a ban was lifted; `show` is where it was done."""

    name: ClassVar[str] = "chat.bans_changed.v1"
    show: ShowId

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from silkcast.ground.ids import LineId, ShowId

AuthorKind = Literal["viewer", "host", "system"]
LineState = Literal["shown", "held", "hidden"]
HeldFor = Literal["link", "phone", "word", "muted", "repeat"]


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks: `key` is stable for one person in one browser, and is never shown."""

    kind: AuthorKind
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    id: LineId
    show: ShowId
    kind: AuthorKind
    name: str
    text: str
    language: str
    state: LineState
    held_for: HeldFor | None
    at: datetime

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from silkcast.ground.ids import FileId, PinId, ProductId, SellerId, ShowId
from silkcast.ground.language import Words

ShowState = Literal["planned", "live", "ended"]


@dataclass(frozen=True, slots=True)
class Replay:
    path: str
    """Where the player finds it, below the media address."""
    seconds: int


@dataclass(frozen=True, slots=True)
class Show:
    id: ShowId
    seller: SellerId
    slug: str
    titles: Words
    cover: FileId | None
    starts_at: datetime
    state: ShowState
    run: tuple[ProductId, ...]
    started_at: datetime | None
    ended_at: datetime | None
    has_picture: bool
    """A stream is arriving now."""
    replay: Replay | None
    likes: int
    peak_viewers: int

    @property
    def is_live(self) -> bool:
        return self.state == "live"


@dataclass(frozen=True, slots=True)
class NewShow:
    titles: Words
    starts_at: datetime
    run: tuple[ProductId, ...]
    cover: FileId | None = None


@dataclass(frozen=True, slots=True)
class Pin:
    id: PinId
    show: ShowId
    product: ProductId
    pinned_at: datetime
    unpinned_at: datetime | None

    def offset(self, started_at: datetime) -> timedelta:
        """How far into the show it began: the moment to jump to in the replay."""
        return max(self.pinned_at - started_at, timedelta(0))

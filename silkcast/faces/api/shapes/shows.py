# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from silkcast.ground.ids import ProductId
from silkcast.stage.rooms import values as rooms

from .goods import told, words


@dataclass(frozen=True, slots=True)
class Show:
    """A show, planned, live or ended. `run` is the products in the order they are shown."""

    id: UUID
    slug: str
    titles: dict[str, str]
    state: str
    starts_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    has_picture: bool
    run: list[UUID]
    likes: int
    peak_viewers: int

    @classmethod
    def of(cls, found: rooms.Show) -> "Show":
        return cls(
            id=found.id,
            slug=found.slug,
            titles=told(found.titles),
            state=found.state,
            starts_at=found.starts_at,
            started_at=found.started_at,
            ended_at=found.ended_at,
            has_picture=found.has_picture,
            run=list(found.run),
            likes=found.likes,
            peak_viewers=found.peak_viewers,
        )


@dataclass(frozen=True, slots=True)
class NewShow:
    """A show to be planned, or what it shall be from now on. While live only the run changes."""

    titles: dict[str, str]
    starts_at: datetime
    run: list[UUID] = field(default_factory=list)

    def own(self) -> rooms.NewShow:
        run = tuple(ProductId(product) for product in self.run)
        return rooms.NewShow(words(self.titles, "titles"), self.starts_at, run)


@dataclass(frozen=True, slots=True)
class ShowList:
    """Shows of the shop."""

    items: list[Show]


@dataclass(frozen=True, slots=True)
class NewPin:
    """The product to pin."""

    product: UUID


@dataclass(frozen=True, slots=True)
class Pin:
    """A product on the table, since when and until when."""

    id: UUID
    product: UUID
    pinned_at: datetime
    unpinned_at: datetime | None

    @classmethod
    def of(cls, found: rooms.Pin) -> "Pin":
        return cls(found.id, found.product, found.pinned_at, found.unpinned_at)


@dataclass(frozen=True, slots=True)
class StreamAddress:
    """Where an encoder sends the show's stream. The key is a secret: whoever has it is on air."""

    rtmp_url: str
    key: str

# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from silkcast.stage.chat import values as chat


@dataclass(frozen=True, slots=True)
class ChatLine:
    """A line of chat. `number` is its place; `voices` how many people said it; `held_for` why it waits."""

    id: UUID
    number: int
    kind: str
    name: str
    text: str
    language: str
    state: str
    held_for: str | None
    voices: int
    at: datetime

    @classmethod
    def of(cls, line: chat.Line) -> "ChatLine":
        return cls(
            id=line.id,
            number=line.number,
            kind=line.kind,
            name=line.name,
            text=line.text,
            language=line.language,
            state=line.state,
            held_for=line.held_for,
            voices=line.voices,
            at=line.at,
        )


@dataclass(frozen=True, slots=True)
class Speaking:
    """What the chat allows: one line a person in `slow_seconds`, links or none, and who may speak."""

    slow_seconds: Annotated[int, Meta(ge=0, le=600)]
    has_links: bool
    who: Literal["everyone", "known", "nobody"]

    @classmethod
    def of(cls, found: chat.Speaking) -> "Speaking":
        return cls(found.slow_seconds, found.has_links, found.who)

    def own(self) -> chat.Speaking:
        return chat.Speaking(self.slow_seconds, self.has_links, self.who)


@dataclass(frozen=True, slots=True)
class Chat:
    """The last fifty lines that were shown, hidden ones among them, and what waits to be looked at."""

    lines: list[ChatLine]
    held: list[ChatLine]
    pinned_line: ChatLine | None
    speaking: Speaking


@dataclass(frozen=True, slots=True)
class PinnedLine:
    """The line to keep over the chat."""

    line: UUID


@dataclass(frozen=True, slots=True)
class Ban:
    """Who may not speak. Without `until` to the end of the show, without `show` in all shows of the shop."""

    id: UUID
    show: UUID | None
    name: str
    until: datetime | None
    reason: str
    by: str
    made_at: datetime

    @classmethod
    def of(cls, ban: chat.Ban) -> "Ban":
        return cls(ban.id, ban.show, ban.name, ban.until, ban.reason, ban.by, ban.made_at)


@dataclass(frozen=True, slots=True)
class BanList:
    """Bans in force in a show, the newest first."""

    items: list[Ban]


@dataclass(frozen=True, slots=True)
class NewBan:
    """Keep the author of this line out: ten minutes, for this show, or for all shows of the shop."""

    line: UUID
    length: Literal["short", "show", "shop"]
    reason: Annotated[str, Meta(max_length=200)] = ""

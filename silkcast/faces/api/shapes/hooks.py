# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from silkcast.watch.hooks import values as hooks


@dataclass(frozen=True, slots=True)
class Hook:
    """An address that is told of some kinds of news. Out of use after failing for three days."""

    id: UUID
    url: str
    kinds: list[str]
    is_active: bool
    failing_since: datetime | None
    made_at: datetime

    @classmethod
    def of(cls, found: hooks.Hook) -> "Hook":
        return cls(
            found.id, found.url, sorted(found.kinds), found.is_active, found.failing_since, found.made_at
        )


@dataclass(frozen=True, slots=True)
class HookList:
    """The shop's hooks, the oldest first."""

    items: list[Hook]


@dataclass(frozen=True, slots=True)
class NewHook:
    """An address to tell, and of what."""

    url: str
    kinds: list[str]


@dataclass(frozen=True, slots=True)
class RevisedHook:
    """What a hook shall be from now on. Put in use again, its failures are forgotten."""

    url: str
    kinds: list[str]
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class HookSecret:
    """A hook with its secret, which is shown only now. News are signed with it."""

    hook: Hook
    secret: str

    @classmethod
    def of(cls, made: hooks.NewHook) -> "HookSecret":
        return cls(Hook.of(made.hook), made.secret)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One piece of news for a hook. `status` is the last answer's HTTP status, 0 where nobody answered."""

    id: UUID
    kind: str
    state: str
    tries: int
    status: int
    fault: str
    made_at: datetime
    next_at: datetime | None
    sent_at: datetime | None

    @classmethod
    def of(cls, found: hooks.Delivery) -> "Delivery":
        return cls(
            found.id,
            found.kind,
            found.state,
            found.tries,
            found.status,
            found.fault,
            found.made_at,
            found.next_at,
            found.sent_at,
        )


@dataclass(frozen=True, slots=True)
class DeliveryList:
    """What a hook was told, the newest first. `next` is the cursor of the next page, or null."""

    items: list[Delivery]
    next: str | None

# SPDX-License-Identifier: Apache-2.0
"""Db and Tx: what a verb is handed to read and to write with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

from silkcast.plumbing.events import Event
from silkcast.plumbing.vault import Vault


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the house itself, a person, a program with a token, or a visitor."""

    kind: Literal["system", "user", "token", "guest"]
    id: UUID | None = None
    name: str = ""


SYSTEM = Actor("system")
Id = TypeVar("Id")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A job to be run once this transaction has committed."""

    job: str
    payload: Any
    at: datetime | None
    key: str | None


@dataclass(slots=True, eq=False)
class Db:
    """A transaction to read in: its session, its moment, the vault, and who asks."""

    session: AsyncSession
    now: datetime
    vault: Vault
    actor: Actor = SYSTEM
    _driver: Any = field(default=None, init=False)
    _kept: dict[str, dict[Any, Any]] = field(default_factory=dict, init=False)

    def kept(self, what: str) -> dict[Any, Any]:
        """What `once` has read so far, by its id. Where one writes nothing is kept."""
        return self._kept.setdefault(what, {})

    async def once(
        self, what: str, ids: Sequence[Id], ask: Callable[[Sequence[Id]], Awaitable[Mapping[Id, Found]]]
    ) -> dict[Id, Found]:
        """Rows by their ids, asked for once in a transaction that reads: many parts of a page want the same,
        and in a rush each way to the database waits for its turn."""
        kept = self.kept(what)
        found = {id: kept[id] for id in ids if id in kept}
        if unread := [id for id in ids if id not in found]:
            found |= await ask(unread)
            kept |= found
        return {id: found[id] for id in ids if id in found}

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        """Rows of a statement with `$1`, straight from the driver: for the few that run thousands of times a
        minute. The first statement of a transaction goes through the session, which begins it."""
        driver = self._driver
        if driver is None:
            connection = await self.session.connection()
            driver = self._driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None, "it is connected"
            assert driver.is_in_transaction(), "the session has begun it"
        found: list[Any] = await driver.fetch(statement, *values)
        return found


_TX = "silkcast.tx"


@dataclass(slots=True, eq=False)
class Tx(Db):
    """A transaction to write in. What is announced and enqueued is written with it, or not at all."""

    _events: list[tuple[Event, frozenset[SessionTransaction]]] = field(default_factory=list)
    _jobs: list[tuple[Wanted, frozenset[SessionTransaction]]] = field(default_factory=list)

    def kept(self, what: str) -> dict[Any, Any]:
        return {}

    def __post_init__(self) -> None:
        self.session.sync_session.info[_TX] = self

    def announce(self, event: Event) -> None:
        """Tell the floors above, once this transaction has committed."""
        self._events.append((event, self._savepoints()))

    def enqueue(self, job: str, payload: Any, *, at: datetime | None = None, key: str | None = None) -> None:
        """Want a job run after this transaction, not before `at`. With a `key`, once while it waits."""
        self._jobs.append((Wanted(job, payload, at, key), self._savepoints()))

    @property
    def announced(self) -> list[Event]:
        """What this transaction has announced so far, in order."""
        return [event for event, _ in self._events]

    @property
    def enqueued(self) -> list[Wanted]:
        """The jobs this transaction wants so far, in order."""
        return [wanted for wanted, _ in self._jobs]

    def _savepoints(self) -> frozenset[SessionTransaction]:
        """The savepoints that are open now: rolling one back takes back what was said inside."""
        current = self.session.sync_session.get_nested_transaction()
        found = []
        while current is not None and current.nested:
            found.append(current)
            current = current.parent
        return frozenset(found)

    def forget(self, rolled_back: SessionTransaction) -> None:
        """A savepoint was rolled back, and with it what was said inside."""
        self._events[:] = [entry for entry in self._events if rolled_back not in entry[1]]
        self._jobs[:] = [entry for entry in self._jobs if rolled_back not in entry[1]]


@sqlalchemy_event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    """Told once for all sessions: to listen to each takes longer than a statement."""
    tx = session.info.get(_TX)
    if tx is not None:
        tx.forget(rolled_back)

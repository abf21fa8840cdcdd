# SPDX-License-Identifier: Apache-2.0
"""The door of answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from silkcast.ground.refusals import Conflict
from silkcast.plumbing.db import Database, Db, Tx

from . import store


@dataclass(eq=False)
class KeyReused(Conflict):
    """This key was used for something else."""

    code: ClassVar[str] = "answers.key_reused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the status and the body, as they went out."""

    status: int
    body: bytes


async def before(tx: Tx, asker: str, key: str, fingerprint: bytes) -> Answer | None:
    """The answer of the same request before, if there was one; else the key is taken for this one."""
    if await store.claim(tx, asker, key, fingerprint):
        return None
    known, status, body = await store.there(tx, asker, key)
    if known != fingerprint:
        raise KeyReused()
    return Answer(status, body)


async def is_there(db: Db, asker: str, key: str) -> bool:
    """Was something answered under this key?"""
    return await store.is_there(db, asker, key)


async def keep(tx: Tx, asker: str, key: str, answer: Answer) -> None:
    """Keep the answer to the request whose key was taken."""
    await store.keep(tx, asker, key, answer.status, answer.body)


async def sweep(database: Database, *, keep: timedelta = timedelta(days=30)) -> None:
    """Forget answers older than `keep`."""
    async with database.write() as tx:
        await store.forget(tx, tx.now - keep)

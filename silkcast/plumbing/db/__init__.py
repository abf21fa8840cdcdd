# SPDX-License-Identifier: Apache-2.0
"""The database: one PostgreSQL, reached through `Db` to read and `Tx` to write.

`Database` opens and ends transactions, and nobody else does. A `Tx` carries the session, the moment, who
acts, what is announced and which jobs are wanted; both of the latter are written in the same transaction.
While the server is away both raise `DatabaseAway`, and nothing else.
"""

from sqlalchemy.exc import TimeoutError as NoConnectionFree

from silkcast.plumbing.db.arrays import array_of
from silkcast.plumbing.db.away import AWAY, DatabaseAway
from silkcast.plumbing.db.database import Database, WrongServer
from silkcast.plumbing.db.made import made_with, only_added_to, vacuumed_after_changes
from silkcast.plumbing.db.table import Base
from silkcast.plumbing.db.transaction import SYSTEM, Actor, Db, Tx
from silkcast.plumbing.db.uuids import swift_uuid

__all__ = [
    "AWAY",
    "SYSTEM",
    "Actor",
    "Base",
    "Database",
    "DatabaseAway",
    "Db",
    "NoConnectionFree",
    "Tx",
    "WrongServer",
    "array_of",
    "made_with",
    "only_added_to",
    "swift_uuid",
    "vacuumed_after_changes",
]

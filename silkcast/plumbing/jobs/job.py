# SPDX-License-Identifier: Apache-2.0
"""Job and Tick: how a module describes work that is wanted, and work by the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from silkcast.plumbing.db import Database


@dataclass(frozen=True, slots=True)
class Job:
    """Runs outside a transaction, so it may call engines; opens `database.write()` itself. Idempotent."""

    name: str
    payload: type
    run: Callable[[Database, Any], Awaitable[None]]
    retries: int = 8


@dataclass(frozen=True, slots=True)
class Tick:
    """Runs about every `every`, by one process at a time. Idempotent."""

    name: str
    every: timedelta
    run: Callable[[Database], Awaitable[None]]

# SPDX-License-Identifier: Apache-2.0
"""Reaction: what a module does when something below it has happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from silkcast.plumbing.db import Tx
from silkcast.plumbing.events import Event


@dataclass(frozen=True, slots=True)
class Reaction:
    """A name that stays for ever (it marks what has run), the event it answers, and what it does."""

    name: str
    event: type[Event]
    run: Callable[[Tx, Any], Awaitable[None]]

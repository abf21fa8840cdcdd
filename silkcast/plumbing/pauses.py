# SPDX-License-Identifier: Apache-2.0
"""Pauses: how long to wait before trying again. Growing, with some chance in it, so that what failed
together does not come back together."""

from __future__ import annotations

import random
from datetime import timedelta

FIRST = timedelta(seconds=2)
LONGEST = timedelta(hours=1)


def pause_after(attempts: int, *, first: timedelta = FIRST, longest: timedelta = LONGEST) -> timedelta:
    """2 s after the first failure, then double each time, up to an hour; up to a fifth more by chance."""
    grown = min(first * 2 ** min(attempts - 1, 30), longest) if attempts > 0 else timedelta(0)
    return grown * (1 + random.random() / 5)  # noqa: S311 - spread, not secrecy

# SPDX-License-Identifier: Apache-2.0
"""What a show may be, and which state may follow which."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from .errors import BadTitle, RunTooLong, StartsInThePast, WrongState
from .values import NewShow, ShowState

LONGEST_TITLE = 120
LONGEST_RUN = 100
LATE_PLAN = timedelta(hours=1)
FOLLOWS: dict[ShowState, frozenset[ShowState]] = {
    "planned": frozenset({"live", "ended"}),
    "live": frozenset({"ended"}),
    "ended": frozenset(),
}


def check_plan(plan: NewShow, now: datetime) -> None:
    """Titles of 1 to 120 characters, at most 100 products, not planned into the past."""
    for language, title in plan.titles.by_language.items():
        if not title.strip() or len(title) > LONGEST_TITLE:
            raise BadTitle(language)
    if len(plan.run) > LONGEST_RUN:
        raise RunTooLong(LONGEST_RUN)
    if plan.starts_at < now - LATE_PLAN:
        raise StartsInThePast()


def check_move(state: ShowState, to: ShowState) -> None:
    if to not in FOLLOWS[state]:
        raise WrongState(state)


def slug_from(title: str, ending: str) -> str:
    """A readable address: ASCII letters of the title, then `ending` so that two shows never share one."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].rstrip("-")
    return f"{words}-{ending}" if words else f"show-{ending}"

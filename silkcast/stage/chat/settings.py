# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass

MOST_A_SECOND = 20


@dataclass(frozen=True, slots=True)
class ChatSettings:
    most_a_second: int = MOST_A_SECOND
    """So many viewers' lines of one room are shown within a second; more nobody could read."""
    gather_milliseconds: int = 75
    """Lines of a room that come within this time of a write are written together with the next one."""
    most_waiting: int = 1_000
    """So many lines of a room may wait to be written."""

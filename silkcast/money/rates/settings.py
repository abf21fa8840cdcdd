# SPDX-License-Identifier: Apache-2.0
"""Settings of rates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RatesSettings:
    max_age_days: int = 45
    """A published rate older than this is not used. Pegs do not grow old."""
    shipped_days: int = 120
    """How many days of the history that comes with the program are loaded."""


DEFAULT = RatesSettings()

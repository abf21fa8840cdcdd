# SPDX-License-Identifier: Apache-2.0
"""What the settings show of who answers for the goods."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for the goods: the maker, or somebody in an area of law."""

    area: str
    """Empty for the maker."""
    field: str
    """How its fields begin."""
    name: str
    address: str
    email: str
    is_missing: bool = False

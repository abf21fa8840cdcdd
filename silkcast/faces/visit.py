# SPDX-License-Identifier: Apache-2.0
"""Visit: who looks at a page, in which language, market and light. Made once a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from silkcast.ground.language import Language, direction
from silkcast.plumbing import tongues

Digits = Literal["latn", "arab", "thai"]
Theme = Literal["auto", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Visit:
    """One reader of one page. Templates know it as `visit`."""

    language: Language
    market: str
    currency: str
    today: date
    """The date in the reader's place: years and weekdays are left out or written by it."""
    market_name: str = ""
    """What the market is called for short: السعودية, not the kingdom's full name."""
    timezone: str = "UTC"
    digits: Digits = "latn"
    """What the market counts with; it holds only where the language has such digits."""
    theme: Theme = "auto"
    path: str = "/"
    """The address asked for, to come back to after a change of market or a log-in."""
    user_name: str | None = None
    is_seller: bool = False
    is_operator: bool = False
    shared_for: str = ""
    """`SA.ar` where the address is a shared link's: its preview stays with this market and language."""
    saves_data: bool = False
    """The browser asked for less (Save-Data): system faces, smaller pictures."""

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def numerals(self) -> Digits:
        """The market's digits, if the language is one that has them."""
        script = {"arab": "Arab", "thai": "Thai"}.get(self.digits)
        return self.digits if script == tongues.tongue(self.language).script else "latn"

# SPDX-License-Identifier: Apache-2.0
"""Throttling: how often one address may do what costs something. A visitor can drop a cookie, not an address.

Counted in this process, a window at a time. The numbers are wide, since a whole town may share an address.
Private and loopback addresses are those of a proxy that nobody told us of: they are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import ClassVar

from silkcast.ground.refusals import TooMany


@dataclass(frozen=True, slots=True)
class Deed:
    """What is counted: at most so often within a window."""

    name: str
    most: int
    within: timedelta


CHAT = Deed("chat", 40, timedelta(seconds=10))
LIKE = Deed("like", 300, timedelta(seconds=10))
CLAIM = Deed("claim", 600, timedelta(seconds=10))
TAKE = Deed("take", 120, timedelta(minutes=1))
"""Links of claims that are opened: their words cannot be guessed, and nobody shall try."""
CHAT_ORDERS = Deed("chat orders", 30, timedelta(minutes=5))
"""Chats that a shop has read or entered."""
TRANSLATE = Deed("translate", 240, timedelta(minutes=1))
"""Asks for translations: each may be a call to somebody who counts them."""
ENTER = Deed("enter", 60, timedelta(minutes=10))
"""Tries of a password or a code."""
LETTER = Deed("letter", 30, timedelta(minutes=10))
"""What sends somebody a code."""
PASSKEY = Deed("passkey", 240, timedelta(minutes=10))
"""Challenges for passkeys: every log-in page asks for one."""


@dataclass(eq=False)
class TooOften(TooMany):
    code: ClassVar[str] = "request.too_often"


@dataclass(slots=True)
class _Window:
    until: datetime
    counts: dict[str, int] = field(default_factory=dict)


class Throttle:
    def __init__(self) -> None:
        self._windows: dict[str, _Window] = {}

    def count(self, deed: Deed, address: str, now: datetime, *, is_behind_proxy: bool = False) -> None:
        """One more, or `TooOften` until the window ends."""
        if asker := asker_of(address, is_behind_proxy):
            self.count_for(deed, asker, now)

    def count_for(self, deed: Deed, asker: str, now: datetime) -> None:
        """The same for somebody who is known, whatever address they have."""
        window = self._windows.get(deed.name)
        if window is None or window.until <= now:
            window = self._windows[deed.name] = _Window(now + deed.within)
        before = window.counts.get(asker, 0)
        if before >= deed.most:
            raise TooOften(max(1, int((window.until - now).total_seconds())))
        window.counts[asker] = before + 1


@lru_cache(maxsize=4096)
def asker_of(address: str, is_behind_proxy: bool) -> str:
    """Who is counted as one: an IPv4 address, the /64 of an IPv6 address; empty for nobody."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if not is_behind_proxy and (found.is_loopback or found.is_private):
        return ""
    if isinstance(found, IPv6Address):
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)

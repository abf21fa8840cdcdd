# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    origin: str = "http://127.0.0.1:8000"
    """The address that links in letters begin with."""

    @property
    def host(self) -> str:
        """Whom a code by text is for: browsers offer it on pages of this host alone."""
        return urlsplit(self.origin).hostname or ""

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    origin: str = "http://127.0.0.1:8000"
    """The address that links in letters begin with."""

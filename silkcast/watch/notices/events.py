# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from silkcast.ground.ids import NoticeId
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class NoticeQueued(Event):
    name: ClassVar[str] = "notices.queued.v1"
    notice: NoticeId
    not_before: datetime | None = None
    """Quiet hours at the reader's: nothing is sent before then."""

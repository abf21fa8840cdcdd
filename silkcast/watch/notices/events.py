# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import NoticeId
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class NoticeQueued(Event):
    name: ClassVar[str] = "notices.queued.v1"
    notice: NoticeId

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Entry:
    id: UUID
    at: datetime
    actor_kind: str
    actor: UUID | None
    verb: str
    object_kind: str
    object_id: str
    facts: Mapping[str, Any]

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from silkcast.ground.ids import UserId
from silkcast.plumbing.events import Event


@dataclass(frozen=True, slots=True)
class UserRegistered(Event):
    name: ClassVar[str] = "identity.user_registered.v1"
    user: UserId


@dataclass(frozen=True, slots=True)
class CodeMade(Event):
    """A one-time code is to be sent; whoever sends it asks `code_to_send` for it."""

    name: ClassVar[str] = "identity.code_made.v2"
    sending: UUID
    purpose: str

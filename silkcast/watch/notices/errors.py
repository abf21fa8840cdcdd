# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import NotAllowed, NotFound


@dataclass(eq=False)
class NoSuchNotice(NotFound):
    code: ClassVar[str] = "notices.no_such_notice"


@dataclass(eq=False)
class NotConfirmed(NotAllowed):
    """Letters go only to a contact that was confirmed."""

    code: ClassVar[str] = "notices.not_confirmed"

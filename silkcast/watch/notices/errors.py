# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import NotFound


@dataclass(eq=False)
class NoSuchNotice(NotFound):
    code: ClassVar[str] = "notices.no_such_notice"

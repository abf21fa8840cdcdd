# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Invalid, NotFound, TooMany


@dataclass(eq=False)
class NothingSaid(Invalid):
    code: ClassVar[str] = "chat.nothing_said"


@dataclass(eq=False)
class TooLong(Invalid):
    code: ClassVar[str] = "chat.too_long"
    most: int


@dataclass(eq=False)
class TooFast(TooMany):
    code: ClassVar[str] = "chat.too_fast"


@dataclass(eq=False)
class NoSuchLine(NotFound):
    code: ClassVar[str] = "chat.no_such_line"

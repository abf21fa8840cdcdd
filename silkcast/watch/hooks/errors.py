# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotFound


@dataclass(eq=False)
class NoSuchHook(NotFound):
    code: ClassVar[str] = "hooks.no_such_hook"


@dataclass(eq=False)
class NoSuchDelivery(NotFound):
    code: ClassVar[str] = "hooks.no_such_delivery"


@dataclass(eq=False)
class BadUrl(Invalid):
    """Not an address of a program in the open: http or https, a host, no name and password in it."""

    code: ClassVar[str] = "hooks.bad_url"


@dataclass(eq=False)
class UnknownKind(Invalid):
    code: ClassVar[str] = "hooks.unknown_kind"
    kind: str


@dataclass(eq=False)
class TooManyHooks(Conflict):
    code: ClassVar[str] = "hooks.too_many"
    most: int

# SPDX-License-Identifier: Apache-2.0
"""What orders says no to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotFound

from .values import State


@dataclass(eq=False)
class NoSuchOrder(NotFound):
    """There is none, or it is another seller's."""

    code: ClassVar[str] = "orders.not_found"


@dataclass(eq=False)
class KeyReused(Conflict):
    """This key already made an order with other contents."""

    code: ClassVar[str] = "orders.key_reused"


@dataclass(eq=False)
class WrongState(Conflict):
    """The order cannot go from where it is to where it was asked to go."""

    code: ClassVar[str] = "orders.wrong_state"
    state: State
    wanted: State


@dataclass(eq=False)
class BadOrder(Invalid):
    """The order does not add up. `field` says where, `reason` which rule."""

    code: ClassVar[str] = "orders.bad"
    field: str
    reason: str


@dataclass(eq=False)
class StillNeeded(Conflict):
    """Personal data cannot be erased while the order is on its way."""

    code: ClassVar[str] = "orders.still_needed"
    state: State


@dataclass(eq=False)
class ClaimClosed(Conflict):
    """The claimed order was not made whole in time, or was given back."""

    code: ClassVar[str] = "orders.claim_closed"

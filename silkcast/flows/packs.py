# SPDX-License-Identifier: Apache-2.0
"""Packs read before the doors open: what is wrong in a market's file keeps the house shut, in words."""

from __future__ import annotations

from silkcast.ground.refusals import Refusal
from silkcast.money.rates import service as rates
from silkcast.plumbing.faults import Fault
from silkcast.who.markets import service as markets

from .scene import Scene


def read() -> None:
    """Every market, its sizes and its rates; some forty milliseconds."""
    try:
        markets.check()
        rates.packed_rates()
    except Refusal as broken:
        raise Fault(f"A market's data cannot be read: {broken}") from None


def read_sheets(scene: Scene) -> None:
    """The same for what carriers say of themselves."""
    for name, carrier in scene.carriers.items():
        try:
            assert carrier.sheet.carrier
        except ValueError as broken:
            raise Fault(f"What the carrier {name} charges cannot be read: {broken}") from None

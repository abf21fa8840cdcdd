# SPDX-License-Identifier: Apache-2.0
"""The journey of a parcel: which events happen on which day. Decided when it is booked, by what is booked."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from decimal import Decimal

HUBS = {
    "CN": ("Suzhou", "Shanghai PVG"),
    "FR": ("Lyon", "Paris CDG"),
    "US": ("Chicago", "Chicago ORD"),
    "SA": ("Riyadh", "Riyadh RUH"),
    "SG": ("Singapore", "Singapore SIN"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """`day`: days after the booking, in parts of a day."""

    day: Decimal
    step: str
    place: str
    country: str
    with_cash: bool = False


def trigger(street: str) -> str:
    """The word in the street that decides how it ends, or nothing."""
    for word in ("LATE", "LOST", "REFUSED", "ABSENT"):
        if f"SANDBOX-{word}" in street.upper():
            return word
    return ""


def days(reference: str, shortest: int, longest: int) -> Decimal:
    """How long this one takes: within what the service says, the same for the same reference."""
    within = zlib.crc32(reference.encode()) % 1000
    return shortest + (longest - shortest) * Decimal(within) / 1000


def stages(
    *, origin: str, destination: str, takes: Decimal, longest: int, how: str, cod: bool
) -> list[Stage]:
    """All that will happen, in order. `takes` counts from the booking to the door."""
    town, airport = HUBS.get(origin, (origin, origin))
    goal, gateway = HUBS.get(destination, (destination, destination))
    if how == "LATE":
        takes = Decimal(longest + 6)

    def at(part: str) -> Decimal:
        return (takes * Decimal(part)).quantize(Decimal("0.001"))

    begun = [
        Stage(Decimal(0), "accepted", town, origin),
        Stage(at("0.06"), "picked_up", town, origin),
        Stage(at("0.15"), "export_hub", airport, origin),
        Stage(at("0.22"), "export_cleared", airport, origin),
        Stage(at("0.28"), "departed", airport, origin),
    ]
    if how == "LOST":
        return [*begun, Stage(at("1.5"), "lost", airport, origin)]
    arrived = [*begun, Stage(at("0.60"), "arrived", gateway, destination)]
    if how == "LATE":
        arrived.append(Stage(at("0.64"), "import_held", gateway, destination))
    arrived += [
        Stage(at("0.75"), "import_cleared", gateway, destination),
        Stage(at("0.88"), "delivery_office", goal, destination),
        Stage(at("0.94"), "out_for_delivery", goal, destination),
    ]
    if how == "REFUSED":
        return [
            *arrived,
            Stage(at("0.98"), "attempt_failed", goal, destination),
            Stage(at("1.10"), "turned_back", goal, destination),
            Stage(at("2.00"), "returned_to_sender", town, origin),
        ]
    if how == "ABSENT":
        arrived += [
            Stage(at("0.95"), "attempt_failed", goal, destination),
            Stage(at("0.99"), "out_for_delivery", goal, destination),
        ]
    if cod:
        arrived.append(Stage(at("1"), "cod_collected", goal, destination, with_cash=True))
    return [*arrived, Stage(at("1"), "delivered", goal, destination)]

# SPDX-License-Identifier: Apache-2.0
"""What shipping says no to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotFound, Unavailable


@dataclass(eq=False)
class NoService(Invalid):
    """No service of ours goes there with this weight, size and way of paying. `why` is the nearest miss."""

    code: ClassVar[str] = "shipping.no_service"
    destination: str
    why: str


@dataclass(eq=False)
class NoParcel(NotFound):
    code: ClassVar[str] = "shipping.no_parcel"


@dataclass(eq=False)
class ParcelGone(Conflict):
    """The parcel is with the carrier already (or cancelled): this cannot be done any more."""

    code: ClassVar[str] = "shipping.parcel_gone"
    state: str


@dataclass(eq=False)
class BookedOtherwise(Conflict):
    """The parcel has another tracking number already."""

    code: ClassVar[str] = "shipping.booked_otherwise"
    tracking: str


@dataclass(eq=False)
class BadSignature(Invalid):
    """A message that claims to be the carrier's and is not signed by them."""

    code: ClassVar[str] = "shipping.bad_signature"


@dataclass(eq=False)
class CarrierRefused(Invalid):
    """The carrier will not take the parcel, and says which field is wrong."""

    code: ClassVar[str] = "shipping.carrier_refused"
    field: str
    why: str


@dataclass(eq=False)
class CarrierSilent(Unavailable):
    code: ClassVar[str] = "shipping.carrier_silent"
    carrier: str

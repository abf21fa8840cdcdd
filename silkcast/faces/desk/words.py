# SPDX-License-Identifier: Apache-2.0
"""Words of the desk: a state as a word and a colour."""

from __future__ import annotations

from dataclasses import dataclass

from silkcast.faces.words.catalog import catalog


@dataclass(frozen=True, slots=True)
class Said:
    """A state in the reader's language, and the colour of its dot."""

    words: str
    kind: str
    state: str


JADE = frozenset(
    [
        "paid",
        "cod_accepted",
        "delivered",
        "released",
        "closed",
        "succeeded",
        "sent",
        "active",
        "refunded",
        "live",
    ]
)
MADDER = frozenset(["refused", "failed", "lost", "suspended", "declined"])
SAFFRON = frozenset(
    [
        "awaiting_payment",
        "reviewing",
        "inspecting",
        "requires_action",
        "pending",
        "returning",
        "asked",
        "queued",
    ]
)
OPEN = frozenset(["erased", "held", "drafted", "created", "planned", "cancelled", "expired", "returned"])


def said(state: str, language: str) -> Said:
    """The state for a table."""
    _ = catalog(language).gettext
    words = {
        "held": _("Held"),
        "awaiting_payment": _("Waits for payment"),
        "paid": _("Paid"),
        "cod_accepted": _("Cash at the door"),
        "declared": _("Declared"),
        "shipped": _("Shipped"),
        "delivered": _("Delivered"),
        "cancelled": _("Cancelled"),
        "expired": _("Not paid in time"),
        "refunded": _("Refunded"),
        "drafted": _("Not sent"),
        "sent": _("Sent"),
        "stored": _("Stored"),
        "reviewing": _("Papers looked at"),
        "inspecting": _("Goods looked at"),
        "refused": _("Refused"),
        "failed": _("Failed"),
        "released": _("Released"),
        "closed": _("Closed"),
        "created": _("Not asked yet"),
        "requires_action": _("Buyer's bank asks"),
        "pending": _("Pending"),
        "succeeded": _("Succeeded"),
        "planned": _("Planned"),
        "booked": _("Booked"),
        "picked_up": _("Picked up"),
        "exported": _("Left the country"),
        "imported": _("Arrived in the country"),
        "out": _("Out for delivery"),
        "returning": _("Coming back"),
        "returned": _("Came back"),
        "lost": _("Lost"),
        "active": _("Shop open"),
        "suspended": _("Suspended"),
        "queued": _("Waiting"),
        "erased": _("Erased"),
        "asked": _("Asked for"),
        "accepted": _("Accepted"),
        "declined": _("Declined"),
        "sent_back": _("Sent back"),
        "received": _("Received"),
    }
    for kind, states in (("jade", JADE), ("madder", MADDER), ("saffron", SAFFRON), ("open", OPEN)):
        if state in states:
            return Said(words.get(state, state), kind, state)
    return Said(words.get(state, state), "indigo", state)

# SPDX-License-Identifier: Apache-2.0
"""What receipts mean for the declaration. It depends on the set of receipts alone: late, doubled or
disordered ones change nothing, and what is released stays released."""

from __future__ import annotations

from collections.abc import Iterable

from silkcast.trade.customs.values import KINDS, Kind, Reason, Receipt, State

_RANKS: tuple[State, ...] = (
    "sent", "stored", "reviewing", "inspecting", "failed", "refused", "released", "closed",
)  # fmt: skip
_LIST_STATES: dict[int, State] = {
    120: "stored",
    300: "reviewing",
    399: "reviewing",
    500: "inspecting",
    501: "inspecting",
    502: "inspecting",
    503: "inspecting",
    599: "inspecting",
    700: "refused",
    800: "released",
    899: "closed",
}
"""Only the inventory list decides how far the declaration is."""


def reached(receipt: Receipt) -> State:
    """How far one receipt brings the declaration."""
    if receipt.status < 0 or receipt.status == 4:
        return "failed"
    if receipt.status == 100:
        return "refused"
    return _LIST_STATES.get(receipt.status, "sent") if receipt.kind == "603" else "sent"


def state_of(receipts: Iterable[Receipt]) -> State:
    """The state of a declaration that was sent, from all receipts of its present attempt."""
    return _RANKS[max((_RANKS.index(reached(receipt)) for receipt in receipts), default=0)]


def reasons(receipts: Iterable[Receipt]) -> tuple[Reason, ...]:
    """Why it was refused or failed, in the order of the messages; nothing said twice."""
    told = {
        Reason(receipt.kind, receipt.status, receipt.info)
        for receipt in receipts
        if reached(receipt) in ("refused", "failed")
    }
    return tuple(sorted(told, key=lambda reason: (KINDS.index(reason.kind), reason.status, reason.info)))


def stored(receipts: Iterable[Receipt]) -> frozenset[Kind]:
    """The messages customs holds: sending them again is a change. What was stored and then refused it does
    not hold any more, and that goes as new."""
    told = list(receipts)
    gone = {receipt.unit_guid for receipt in told if reached(receipt) in ("refused", "failed")}
    return frozenset(one.kind for one in told if one.status >= 120 and one.unit_guid not in gone)

# SPDX-License-Identifier: Apache-2.0
"""Do the four documents agree? Checked on what is about to be sent, not on what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from silkcast.trade.customs.errors import Disagree
from silkcast.trade.customs.rules.build import Document
from silkcast.trade.customs.values import Kind

# field, then the documents that must say the same in it
_SAME: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("orderNo", ("303", "403", "603")),
    ("ebpCode", ("303", "403", "603")),
    ("ebcCode", ("303", "403", "505", "603")),
    ("currency", ("303", "403", "505")),
    ("freight", ("303", "505", "603")),
    ("insuredFee", ("505", "603")),
    ("logisticsCode", ("505", "603")),
    ("logisticsNo", ("505", "603")),
    ("packNo", ("505", "603")),
    ("grossWeight", ("505", "603")),
)
_SAME_IN_LINES = ("gnum", "itemNo", "unit", "currency", "qty", "price", "totalPrice", "barCode")


def _equal(field: str, left: str, right: str) -> None:
    if left != right:
        raise Disagree(field, left, right)


def _sums(order: Document) -> None:
    for line in order.lines:
        worth = Decimal(line["qty"]) * Decimal(line["price"])
        if worth != Decimal(line["totalPrice"]):
            raise Disagree(f"totalPrice of line {line['gnum']}", line["totalPrice"], f"{worth:f}")
    goods = sum((Decimal(line["totalPrice"]) for line in order.lines), Decimal(0))
    if goods != Decimal(order.head["goodsValue"]):
        raise Disagree("goodsValue", order.head["goodsValue"], f"{goods:f}")


def _money(order: Document, receipt: Document, waybill: Document) -> None:
    paid_for = sum(
        (
            Decimal(order.head["goodsValue"]),
            Decimal(order.head["freight"]),
            Decimal(waybill.head["insuredFee"]),
        ),
        Decimal(0),
    )
    if Decimal(receipt.head["charge"]) < paid_for:
        raise Disagree("charge", receipt.head["charge"], f"{paid_for:f}")


def _weights(inventory: Document) -> None:
    net, gross = inventory.head["netWeight"], inventory.head["grossWeight"]
    if Decimal(net) > Decimal(gross):
        raise Disagree("netWeight", net, gross)
    if Decimal(net) <= 0:
        raise Disagree("netWeight", net, "> 0")


def _lines(order: Document, inventory: Document) -> None:
    numbers = [line["gnum"] for line in order.lines]
    _equal("gnum", " ".join(numbers), " ".join(str(n) for n in range(1, len(numbers) + 1)))
    _equal("lines", str(len(order.lines)), str(len(inventory.lines)))
    for ours, theirs in zip(order.lines, inventory.lines, strict=True):
        for field in _SAME_IN_LINES:
            _equal(f"{field} of line {ours['gnum']}", ours.get(field, ""), theirs.get(field, ""))
        _equal(f"country of line {ours['gnum']}", theirs["country"], inventory.head["country"])


def check(documents: Iterable[Document]) -> None:
    """Refuse with the first field on which two of the four disagree."""
    by_kind: Mapping[str, Document] = {document.kind: document for document in documents}
    for field, kinds in _SAME:
        first = by_kind[kinds[0]].head.get(field, "")
        for kind in kinds[1:]:
            _equal(field, first, by_kind[kind].head.get(field, ""))
    for field in ("fCurrency", "iCurrency"):
        _equal(field, by_kind["505"].head["currency"], by_kind["603"].head[field])
    _sums(by_kind["303"])
    _lines(by_kind["303"], by_kind["603"])
    _money(by_kind["303"], by_kind["403"], by_kind["505"])
    _weights(by_kind["603"])

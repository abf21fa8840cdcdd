# SPDX-License-Identifier: Apache-2.0
"""Customs lays the four documents of an order side by side. Every disagreement is a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from silkcast.engines.customs.port.reading import Reason, Unit, number

NAMES = {"303": "订单", "403": "收款单", "505": "运单", "603": "清单"}
HEADS = (
    ("orderNo", "订单编号", "303", "403"), ("orderNo", "订单编号", "303", "603"),
    ("ebpCode", "电商平台代码", "303", "403"), ("ebpCode", "电商平台代码", "303", "603"),
    ("ebcCode", "电商企业代码", "303", "403"), ("ebcCode", "电商企业代码", "303", "603"),
    ("currency", "币制", "303", "403"), ("logisticsCode", "物流企业代码", "505", "603"),
    ("logisticsNo", "运单编号", "505", "603"), ("packNo", "件数", "505", "603"),
)  # fmt: skip
NUMBERS = (
    ("freight", "运杂费", "303", "505"), ("freight", "运杂费", "303", "603"),
    ("insuredFee", "保价费", "505", "603"), ("grossWeight", "毛重", "505", "603"),
)  # fmt: skip
TOLERANCE = Decimal("0.01")


def missing(units: Mapping[str, Unit]) -> list[Reason]:
    """Which documents are not there."""
    return [
        Reason(f"缺少{name}（CEB{kind}）", f"no CEB{kind} for this order")
        for kind, name in NAMES.items()
        if kind not in units
    ]


def _differs(field: str, zh: str, left: Unit, right: Unit) -> Reason:
    ours, theirs = left.head.get(field, ""), right.head.get(field, "")
    return Reason(
        f"{NAMES[left.kind]}与{NAMES[right.kind]}的{zh}不一致：{ours}，{theirs}",
        f"{field} of {left.kind} and {right.kind} disagree: {ours}, {theirs}",
    )


def compare(units: Mapping[str, Unit]) -> list[Reason]:
    """What the documents of one order disagree on; all four are there."""
    return [*_heads(units), *_sums(units), *_lines(units["303"], units["603"]), *_weights(units["603"])]


def _heads(units: Mapping[str, Unit]) -> Iterator[Reason]:
    for field, zh, left, right in HEADS:
        if units[left].head.get(field) != units[right].head.get(field):
            yield _differs(field, zh, units[left], units[right])
    for field, zh, left, right in NUMBERS:
        if number(units[left].head.get(field, "")) != number(units[right].head.get(field, "")):
            yield _differs(field, zh, units[left], units[right])


def _sums(units: Mapping[str, Unit]) -> Iterator[Reason]:
    order, goods = units["303"], Decimal(0)
    for line in order.lines:
        worth = number(line.get("qty", "")) * number(line.get("price", ""))
        goods += number(line.get("totalPrice", ""))
        if abs(worth - number(line.get("totalPrice", ""))) > TOLERANCE:
            where = line.get("gnum", "?")
            yield Reason(
                f"第{where}项总价不等于数量乘单价", f"line {where}: totalPrice is not qty times price"
            )
    if abs(goods - number(order.head.get("goodsValue", ""))) > TOLERANCE:
        yield Reason("商品总价与明细合计不符", "goodsValue is not the sum of the lines")
    asked = goods + number(order.head.get("freight", "")) + number(units["505"].head.get("insuredFee", ""))
    if number(units["403"].head.get("charge", "")) + TOLERANCE < asked:
        yield Reason("收款金额低于货款与运费之和", f"charge is less than goods and freight: {asked}")


def _lines(order: Unit, inventory: Unit) -> Iterator[Reason]:
    ours = {line.get("gnum", ""): line for line in order.lines}
    theirs = {line.get("gnum", ""): line for line in inventory.lines}
    if ours.keys() != theirs.keys() or len(ours) != len(order.lines):
        yield Reason("订单与清单的商品序号不一致", "gnum of order and inventory list disagree")
        return
    for where, line in ours.items():
        for field in ("itemNo", "qty", "price", "totalPrice", "currency"):
            if line.get(field) != theirs[where].get(field):
                yield Reason(f"第{where}项{field}不一致", f"{field} of line {where} disagrees")


def _weights(inventory: Unit) -> Iterator[Reason]:
    if number(inventory.head.get("netWeight", "")) > number(inventory.head.get("grossWeight", "")):
        yield Reason("净重大于毛重", "net weight is over gross weight")

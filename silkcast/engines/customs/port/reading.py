# SPDX-License-Identifier: Apache-2.0
"""Customs reads a message: is it what the schema says, element by element? All faults, not the first one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib import resources
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import yaml
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

NAMESPACE = "{http://www.chinaport.gov.cn/ceb}"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
UNITS = {
    "CEB303Message": ("Order", "OrderHead", "OrderList"),
    "CEB403Message": ("Receipts", "", ""),
    "CEB505Message": ("Logistics", "", ""),
    "CEB603Message": ("Inventory", "InventoryHead", "InventoryList"),
}
TAIL = ("BaseTransfer", "BaseSubscribe", "Signature", "ExtendMessage")


class Unreadable(Exception):
    """Not a message at all. `args[0]` says why."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong, in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


@dataclass(frozen=True, slots=True)
class Unit:
    """One document as it came."""

    kind: str
    message_guid: str
    head: Mapping[str, str]
    lines: tuple[Mapping[str, str], ...]
    faults: tuple[Reason, ...]

    @property
    def guid(self) -> str:
        return self.head.get("guid", "")


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    path = resources.files("silkcast.trade.customs") / "data" / "ceb_9610.yaml"
    given: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return given


def _local(element: Element) -> str:
    if element.tag == SIGNATURE:
        return "Signature"
    return element.tag.removeprefix(NAMESPACE) if element.tag.startswith(NAMESPACE) else "?" + element.tag


def _fits(notation: str, text: str) -> bool:
    """Does the text have the type that the table writes as C36, C..60, C3..4, N19,5 or N5?"""
    if notation.startswith("N"):
        digits, _, after = notation[1:].partition(",")
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
            return False
        whole, _, fraction = text.partition(".")
        return len(whole.lstrip("0")) + int(after or 0) <= int(digits) and len(fraction) <= int(after or 0)
    low, dots, high = notation[1:].partition("..")
    return int(low or 1) <= len(text) <= int(high if dots else low)


def _fields(name: str, parent: Element, faults: list[Reason]) -> dict[str, str]:
    """The fields of one element, with what is wrong with them added to `faults`."""
    rules = {rule["name"]: rule for rule in _table()["elements"][name]}
    places = {field: place for place, field in enumerate(rules)}
    found: dict[str, str] = {}
    last = -1
    for child in parent:
        field, text = _local(child), (child.text or "").strip()
        if field in UNITS_PARTS:
            continue
        if field not in rules:
            faults.append(Reason(f"{name}中有未知字段{field}", f"{name} has no field {field}"))
            continue
        if field in found:
            faults.append(Reason(f"{name}.{field}重复", f"{name}.{field} is there twice"))
        if places[field] < last:
            faults.append(Reason(f"{name}.{field}顺序错误", f"{name}.{field} is out of order"))
        last = max(last, places[field])
        found[field] = text
        faults.extend(_value(name, field, rules[field]["type"], text))
    for field, rule in rules.items():
        if rule["required"] and not found.get(field):
            faults.append(Reason(f"{name}.{field}（{rule['zh']}）必填", f"{name}.{field} is missing"))
    return found


def _value(name: str, field: str, notation: str, text: str) -> Iterator[Reason]:
    if text and not _fits(notation, text):
        yield Reason(f"{name}.{field}格式应为{notation}", f"{name}.{field} is not {notation}")
    listed = _table()["codes"].get(field)
    if text and listed and text not in listed:
        yield Reason(f"{name}.{field}代码{text}无效", f"{name}.{field} has no code {text}")
    if field == "guid" and text != text.upper():
        yield Reason(f"{name}.guid应为大写", f"{name}.guid is not in upper case")


UNITS_PARTS = frozenset({"OrderHead", "OrderList", "InventoryHead", "InventoryList"})


def read(body: bytes) -> list[Unit]:
    """The documents in a message. Unreadable when there is nothing an answer could be about."""
    try:
        root: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError) as fault:
        raise Unreadable(f"not well-formed: {type(fault).__name__}") from fault
    message = _local(root)
    if message not in UNITS:
        raise Unreadable(f"no such message: {message}")
    faults: list[Reason] = []
    guid = root.get("guid", "")
    if len(guid) != 36 or guid != guid.upper() or root.get("version") != "1.0":
        faults.append(Reason("报文guid或version错误", "guid or version of the message is wrong"))
    unit_name = UNITS[message][0]
    names = [_local(child) for child in root]
    if not _in_order(names, unit_name):
        faults.append(Reason("报文元素顺序错误", f"{' '.join(names)} is not the order of an export message"))
    if names.count("BaseTransfer") != 1:
        faults.append(Reason("BaseTransfer应出现一次", "BaseTransfer must be there once"))
    for child in root:
        if _local(child) in ("BaseTransfer", "BaseSubscribe"):
            _fields(_local(child), child, faults)
    units = [child for child in root if _local(child) == unit_name]
    if not 0 < len(units) <= _table()["max_units"]:
        raise Unreadable(f"{len(units)} units")
    return [_unit(message, guid, element, faults) for element in units]


def _in_order(names: Sequence[str], unit: str) -> bool:
    order = [unit, *TAIL]
    places = [order.index(name) if name in order else -1 for name in names]
    return -1 not in places and places == sorted(places)


def _unit(message: str, guid: str, element: Element, common: Sequence[Reason]) -> Unit:
    _, head_name, line_name = UNITS[message]
    faults = list(common)
    if not head_name:
        name = UNITS[message][0]
        return Unit(message[3:6], guid, _fields(name, element, faults), (), tuple(faults))
    parts = [_local(child) for child in element]
    if parts[:1] != [head_name] or set(parts[1:]) != {line_name}:
        faults.append(
            Reason(f"{head_name}与{line_name}结构错误", f"not one {head_name} and then {line_name}")
        )
    heads = [child for child in element if _local(child) == head_name]
    lines = [child for child in element if _local(child) == line_name]
    if len(lines) > _table()["max_lines"]:
        faults.append(Reason("商品项超过100项", f"{len(lines)} lines, 100 is the most"))
    head = _fields(head_name, heads[0], faults) if heads else {}
    read_lines = tuple(_fields(line_name, line, faults) for line in lines)
    return Unit(message[3:6], guid, head, read_lines, tuple(faults))


def number(text: str) -> Decimal:
    """A number of a document that was read; zero where it was none, which is a fault already."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)

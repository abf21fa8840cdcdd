# SPDX-License-Identifier: Apache-2.0
"""What changed: a tariff of a day beside an earlier one, or beside the rules that are kept; and rows to keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import yaml

from silkcast.goods.duties.values import Charge, Combined, Per, Rate, Row, RuleSet

from . import expressions
from .files import Duty

Kind = Literal["new", "changed", "ended", "coming", "not_understood", "differs"]


@dataclass(frozen=True, slots=True)
class Change:
    kind: Kind
    code: str
    words: str

    @property
    def line(self) -> str:
        return f"{self.kind.replace('_', ' ')}  {self.code}  {self.words}".rstrip()


def on_day(duties: Iterable[Duty], day: date) -> dict[str, Duty]:
    """The duty of each code in force on the day."""
    return {one.code: one for one in duties if one.span is None or one.span.holds(day)}


def not_understood(duties: Iterable[Duty]) -> list[Change]:
    return [
        Change("not_understood", one.code, f"line {one.line}: {one.written or 'no rate'}")
        for one in duties
        if one.charge is None
    ]


def against_earlier(new: Sequence[Duty], old: Sequence[Duty], day: date) -> list[Change]:
    """New, changed and ended codes on the day, and what the new file says of later days."""
    now, before = on_day(new, day), on_day(old, day)
    changes = [Change("new", code, duty.written) for code, duty in now.items() if code not in before]
    for code, duty in now.items():
        was = before.get(code)
        if was and (_told(was) != _told(duty)):
            changes.append(Change("changed", code, f"{_told(was)} -> {_told(duty)}"))
    changes += [Change("ended", code, f"was {_told(was)}") for code, was in before.items() if code not in now]
    known = {(one.code, one.span) for one in old}
    changes += [
        Change("coming", one.code, f"{_told(one)} from {one.span.first}")
        for one in new
        if one.span and one.span.first > day and (one.code, one.span) not in known
    ]
    return sorted(changes, key=lambda one: (one.code, one.kind))


def _told(duty: Duty) -> str:
    return expressions.told(duty.charge) if duty.charge else duty.written


def against_rules(duties: Sequence[Duty], rules: RuleSet, day: date) -> tuple[list[Change], int]:
    """Where the rules kept charge other than the tariff; and how many of its codes they do not name."""
    rows = [
        row
        for part in rules.components
        if part.kind == "duty"
        for row in part.rows
        if row.hs is not None and row.span.holds(day) and not row.when.words and row.when.proof is None
    ]
    changes, unnamed = [], 0
    for code, duty in sorted(on_day(duties, day).items()):
        ours = [row for row in rows if row.takes(code)]
        unnamed += not ours
        if not ours or duty.charge is None or any(_alike(row, duty.charge, rules.currency) for row in ours):
            continue
        kept = ", ".join(dict.fromkeys(f"{expressions.told(row.charge)} ({row.name})" for row in ours))
        changes.append(Change("differs", code, f"tariff {_told(duty)}, ours {kept}"))
    return changes, unnamed


def _alike(row: Row, charge: Charge, currency: str) -> bool:
    return _plain(row.charge, currency) == _plain(charge, currency)


def _plain(charge: Charge, currency: str) -> object:
    if isinstance(charge, Rate):
        return ("rate", charge.factor)
    if isinstance(charge, Combined):
        return (charge.how, tuple(_plain(one, currency) for one in charge.of))
    each = charge.each if isinstance(charge, Per) else "all"
    return (each, charge.amount, charge.currency or currency)


def as_rows(duties: Sequence[Duty], day: date, currency: str, source: str) -> str:
    """Rows for the component `duty` of a pack, one for all codes of a rate and a date. For a person to check."""
    groups: dict[tuple[str, date, date | None], list[str]] = defaultdict(list)
    charges: dict[str, dict[str, Any]] = {}
    for one in duties:
        if one.charge is None or (one.span and one.span.last and one.span.last < day):
            continue
        charge = expressions.as_written(one.charge, currency)
        charges[repr(charge)] = charge
        first, last = (one.span.first, one.span.last) if one.span else (day, None)
        groups[repr(charge), first, last].append(one.code)
    rows = [
        _row(charges[charge], first, last, codes)
        for (charge, first, last), codes in sorted(groups.items(), key=lambda one: (one[1][0], one[0][1]))
    ]
    head = (
        f"# Ordinary duty, read from {source} on {day}. Rows for the component `duty` of a pack in {currency}.\n"
        "# Say `when` they hold (a threshold, a channel), and set the mark to verified once you have checked them.\n"
    )
    body = {"sources": {"TARIFF": f"{source}, read {day}"}, "rows": rows}
    return head + yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=110)


def _row(charge: Mapping[str, Any], first: date, last: date | None, codes: Sequence[str]) -> dict[str, Any]:
    ends = {"valid_to": last.isoformat()} if last else {}
    base = {"base": ["customs_value"]} if "rate" in repr(charge) else {}
    return {
        "name": "ordinary tariff", "valid_from": first.isoformat(), **ends, "lines": {"hs": sorted(set(codes))},
        **base, "charge": charge, "collected_by": "border", "mark": "knowledge", "src": ["TARIFF"],
    }  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""What changed: a tariff beside an earlier one, or beside the rules that are kept; and rows to keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import yaml

from silkcast.goods.duties.values import Charge, Combined, Per, Rate, Row, RuleSet, Span

from . import expressions
from .files import Duty

HEAD = """\
# Ordinary duty, read from {source} on {day}: rows for the component `duty` of a pack in {currency}.
# Say `when` they hold (a threshold, a channel), check them, then set the mark to verified.
# More than six digits decide here, so products need them: {longer}
"""
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
    """Rows for the component `duty` of a pack, one a rate and its dates; for a person to check."""
    current = [one for one in duties if one.span is None or one.span.last is None or one.span.last >= day]
    short = _short(current)
    groups: dict[tuple[str, date, date | None], set[str]] = defaultdict(set)
    charges: dict[str, dict[str, Any]] = {}
    for one in current:
        if one.charge is None:
            continue
        charge = expressions.as_written(one.charge, currency)
        charges[repr(charge)] = charge
        first, last = (one.span.first, one.span.last) if one.span else (day, None)
        groups[repr(charge), first, last].add(one.code[:6] if one.code[:6] in short else one.code)
    rows = [
        _row(charges[charge], Span(first, last), codes)
        for (charge, first, last), codes in sorted(groups.items(), key=lambda one: (min(one[1]), one[0][1]))
    ]
    longer = sorted({one.code[:6] for one in current} - short)
    body = {"sources": {"TARIFF": f"{source}, read {day}"}, "rows": rows}
    written = yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=110)
    return HEAD.format(source=source, day=day, currency=currency, longer=" ".join(longer) or "none") + written


def _short(duties: Sequence[Duty]) -> set[str]:
    """The six digits under which the file has one and the same duty for all codes."""
    by_code: dict[str, set[tuple[str, Span | None]]] = defaultdict(set)
    for one in duties:
        by_code[one.code].add((repr(one.charge) if one.charge else one.code, one.span))
    kinds: dict[str, set[frozenset[tuple[str, Span | None]]]] = defaultdict(set)
    for code, duty in by_code.items():
        kinds[code[:6]].add(frozenset(duty))
    return {six for six, found in kinds.items() if len(six) == 6 and len(found) == 1}


def _row(charge: Mapping[str, Any], span: Span, codes: Iterable[str]) -> dict[str, Any]:
    ends = {"valid_to": span.last.isoformat()} if span.last else {}
    base = {"base": ["customs_value"]} if "'rate'" in repr(charge) else {}
    return {
        "name": "ordinary tariff", "valid_from": span.first.isoformat(), **ends,
        "lines": {"hs": sorted(codes)}, **base, "charge": charge,
        "collected_by": "border", "mark": "knowledge", "src": ["TARIFF"],
    }  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""The published files, row by row. Columns are found by their names; a missing one is refused."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from silkcast.goods.duties.errors import BrokenTariff
from silkcast.goods.duties.values import Charge, Span

from . import expressions

ALL_THE_WORLD = "1011"
ORDINARY = "103"
HTS_COLUMNS = {
    "HTS Number": "htsno", "Indent": "indent", "Description": "description",
    "General Rate of Duty": "general",
}  # fmt: skip
UK_COLUMNS = (
    "commodity__code", "measure__type__id", "measure__duty_expression", "measure__effective_start_date",
    "measure__effective_end_date", "measure__geographical_area__id", "measure__additional_code__code",
)  # fmt: skip
TARIC_COLUMNS = (
    "Goods code", "Add code", "Order No.", "Start date", "End date", "Duty", "Origin code", "Meas. type code",
)  # fmt: skip
CODE = re.compile(r"\d{4,10}")
DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Duty:
    """The ordinary duty on a code, as the file has it."""

    code: str
    written: str
    charge: Charge | None
    """None if the rate was not understood."""
    line: int
    """Of the file; in JSON the number of the entry."""
    span: Span | None = None
    """None where the file gives no dates: all of it speaks for its day."""
    text: str = ""


def read(shape: str, content: bytes) -> tuple[Duty, ...]:
    """The duties of a file. Raises `BrokenTariff` with the line for what cannot be such a file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise BrokenTariff(
            f"not UTF-8 at byte {wrong.start}", content[: wrong.start].count(b"\n") + 1
        ) from wrong
    is_json = text.lstrip()[:1] in ("[", "{")
    readers: Mapping[tuple[str, bool], Callable[[str], Iterator[Duty]]] = {
        ("hts", True): _hts_json, ("hts", False): _hts_csv,
        ("uk", True): _uk_json, ("uk", False): _uk_csv,
        ("taric", False): _taric,
    }  # fmt: skip
    reader = readers.get((shape, is_json))
    if reader is None:
        raise BrokenTariff(f"not a file of {shape}", 1)
    duties = tuple(reader(text))
    if not duties:
        raise BrokenTariff("no ordinary duty in it", 1)
    _check_twice(duties)
    return duties


def _check_twice(duties: Sequence[Duty]) -> None:
    seen: dict[str, list[Duty]] = {}
    for duty in duties:
        for other in seen.get(duty.code, ()):
            meet = duty.span is None or other.span is None or duty.span.meets(other.span)
            if meet and duty.written != other.written:
                raise BrokenTariff(f"{duty.code} has another duty in line {other.line}", duty.line)
        seen.setdefault(duty.code, []).append(duty)


def _table(text: str, columns: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """Rows of a CSV file by the names of its columns, with the line each ends on."""
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        head = [name.strip() for name in next(reader, [])]
        missing = [name for name in columns if name not in head]
        if missing:
            raise BrokenTariff(f"no column {', '.join(missing)}", 1)
        for cells in reader:
            if len(cells) > len(head) or (cells and len(cells) < len(head) and any(cells)):
                raise BrokenTariff(f"{len(cells)} cells where there are {len(head)} columns", reader.line_num)
            if any(cells):
                yield reader.line_num, dict(zip(head, (cell.strip() for cell in cells), strict=True))
    except csv.Error as wrong:
        raise BrokenTariff(str(wrong), reader.line_num) from wrong


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as wrong:
        raise BrokenTariff(wrong.msg, wrong.lineno) from wrong


def _hts_csv(text: str) -> Iterator[Duty]:
    rows = _table(text, tuple(HTS_COLUMNS))
    return _hts((line, {ours: row[theirs] for theirs, ours in HTS_COLUMNS.items()}) for line, row in rows)


def _hts_json(text: str) -> Iterator[Duty]:
    entries = _json(text)
    if not isinstance(entries, list):
        raise BrokenTariff("not a list of entries", 1)
    return _hts(enumerate(entries, 1))


def _hts(rows: Iterator[tuple[int, Any]]) -> Iterator[Duty]:
    """Lines with a general rate. Statistical lines below have none of their own, headings no number."""
    for line, row in rows:
        fields = ("htsno", "description", "general")
        if not isinstance(row, dict) or any(not isinstance(row.get(one) or "", str) for one in fields):
            raise BrokenTariff("an entry without htsno, description and general", line)
        if "htsno" not in row or "general" not in row:
            raise BrokenTariff("an entry without htsno or general", line)
        number, rate = (row["htsno"] or "").strip(), (row["general"] or "").strip()
        if number and rate:
            yield Duty(_code(number, line), rate, expressions.read(rate), line, text=row["description"] or "")


def _uk_csv(text: str) -> Iterator[Duty]:
    for line, row in _table(text, UK_COLUMNS):
        area = row["measure__geographical_area__id"]
        if row["measure__type__id"] == ORDINARY and area == ALL_THE_WORLD:
            extra = row["measure__additional_code__code"]
            rate = row["measure__duty_expression"]
            start, end = row["measure__effective_start_date"], row["measure__effective_end_date"]
            words = row.get("commodity__description", "")
            yield _measure(row["commodity__code"], rate, extra, (start, end), line, words)


def _taric(text: str) -> Iterator[Duty]:
    for line, row in _table(text, TARIC_COLUMNS):
        ordinary = row["Meas. type code"] == ORDINARY and row["Origin code"] == ALL_THE_WORLD
        if ordinary and not row["Order No."]:
            dates = row["Start date"], row["End date"]
            yield _measure(row["Goods code"].split(" ")[0], row["Duty"], row["Add code"], dates, line)


def _uk_json(text: str) -> Iterator[Duty]:
    """The answer for one commodity, or a list of such answers."""
    found = _json(text)
    for number, answer in enumerate(found if isinstance(found, list) else [found], 1):
        try:
            yield from _commodity(answer, number)
        except (KeyError, TypeError, AttributeError) as wrong:
            raise BrokenTariff(f"not the answer for a commodity: {wrong}", number) from wrong


def _commodity(answer: Any, number: int) -> Iterator[Duty]:
    about = answer["data"]["attributes"]
    included = {(one["type"], one["id"]): one for one in answer["included"]}
    for (kind, _), one in included.items():
        if kind != "measure":
            continue
        links = one["relationships"]
        area = links["geographical_area"]["data"]["id"]
        if links["measure_type"]["data"]["id"] != ORDINARY or area != ALL_THE_WORLD:
            continue
        rate = included["duty_expression", links["duty_expression"]["data"]["id"]]["attributes"]["base"]
        dates = (one["attributes"][name] or "" for name in ("effective_start_date", "effective_end_date"))
        start, end = (day[:10] for day in dates)
        extra = ((links.get("additional_code") or {}).get("data") or {}).get("id", "")
        code = about["goods_nomenclature_item_id"]
        yield _measure(code, rate, extra, (start, end), number, about.get("description", ""))


def _measure(code: str, rate: str, extra: str, dates: tuple[str, str], line: int, words: str = "") -> Duty:
    """A measure with dates. One that hangs on an additional code is no rate for all goods of the code."""
    span = Span(_day(dates[0], line), _day(dates[1], line) if dates[1] else None)
    if span.last and span.last < span.first:
        raise BrokenTariff("ends before it begins", line)
    charge = None if extra else expressions.read(rate)
    written = f"{rate} (additional code {extra})" if extra else rate
    return Duty(_code(code, line), written, charge, line, span, words)


def _code(written: str, line: int) -> str:
    code = written.replace(".", "").replace(" ", "")
    if not CODE.fullmatch(code) or not code.isascii():
        raise BrokenTariff(f"{written!r} is no code", line)
    return code


def _day(written: str, line: int) -> date:
    for form in DATES:
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise BrokenTariff(f"{written!r} is no day", line)

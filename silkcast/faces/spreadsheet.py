# SPDX-License-Identifier: Apache-2.0
"""Spreadsheets: a list of the studio or the desk as a file that others may open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from litestar import Response


def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response[bytes]:
    """A table for a spreadsheet: UTF-8 with its mark, and no cell that a spreadsheet would calculate."""
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow(head)
    for row in rows:
        out.writerow([_cell(value) for value in row])
    return Response(
        written.getvalue().encode("utf-8-sig"),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="{name}.csv"', "cache-control": "no-store"},
    )


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    # a figure below zero is a figure; a name that begins with a minus is not
    risky = ("=", "+", "@", "\t", "\r", "-") if isinstance(value, str) else ()
    return f"'{text}" if text[:1] in risky else text

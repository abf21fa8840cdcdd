# SPDX-License-Identifier: Apache-2.0
"""The label: one page of 100 x 150 mm, as label printers take it. Bar code, square code, two addresses."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import segno
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from silkcast.engines.paper.letters import width, wrap, write, write_lines, write_right
from silkcast.ground.places import Address, Country
from silkcast.plumbing import postal

WIDTH, HEIGHT = int(100 * mm), int(150 * mm)
EDGE = int(4 * mm)
INNER = WIDTH - 2 * EDGE
BOLD = "Helvetica-Bold"

SERVICES = {"post_tracked": ("POST", "Post, tracked"), "express_line": ("EXPRESS", "Express line")}
COUNTRIES = {
    "CN": "CHINA", "FR": "FRANCE", "US": "UNITED STATES", "SA": "SAUDI ARABIA", "SG": "SINGAPORE",
}  # fmt: skip


def _address(given: Mapping[str, Any]) -> list[str]:
    fields = {
        name: str(given.get(name) or "") for name in ("company", "street", "district", "city", "region")
    }
    where = Address(
        Country(given.get("country") or ""),
        given["name"],
        postcode=str(given.get("postcode") or ""),
        **fields,
    )
    return list(postal.lines(where))


def _rule(canvas: Canvas, y: int, thick: int = 1) -> None:
    canvas.setLineWidth(thick)
    canvas.line(EDGE, y, WIDTH - EDGE, y)


def _head(canvas: Canvas, service: str, destination: str, back: bool) -> int:
    """The black band with the service, and the country in large letters."""
    short, name = SERVICES.get(service, (service.upper(), service))
    top = HEIGHT - EDGE - 44
    canvas.setFillGray(0)
    canvas.rect(EDGE, top, INNER, 44, stroke=0, fill=1)
    canvas.setFillGray(1)
    write(canvas, EDGE + 8, top + 20, short if not back else "RETURN", 20, BOLD)
    write(canvas, EDGE + 8, top + 7, f"{name} · SILKCAST sandbox carrier", 8)
    write_right(canvas, WIDTH - EDGE - 8, top + 11, destination, 30, BOLD)
    canvas.setFillGray(0)
    return top


def _lines(given: Mapping[str, Any], size: int) -> list[str]:
    made: list[str] = []
    for text in _address(given):
        made += wrap(text, "Helvetica" if made else BOLD, size, INNER - 4, 2)
    return made


def _party(
    canvas: Canvas, y: int, title: str, given: Mapping[str, Any], sizes: Sequence[int], room: int
) -> int:
    """An address in the largest of `sizes` that fits into `room` points; the y below it."""
    size = next((size for size in sizes if (len(_lines(given, size)) + 2) * (size + 2) <= room), sizes[-1])
    lines = _lines(given, size)[: room // (size + 2) - 2]
    write(canvas, EDGE, y, title, 6, BOLD)
    y -= size + 3
    y = write_lines(canvas, EDGE, y, lines[:1], size, BOLD, size + 2)
    y = write_lines(canvas, EDGE, y, lines[1:], size, "Helvetica", size + 2)
    country = COUNTRIES.get(given["country"], given["country"])
    write(canvas, EDGE, y, country, size, BOLD)
    if phone := given.get("phone"):
        write_right(canvas, WIDTH - EDGE, y, f"Tel {phone}", size - 1)
    return y - 7


def _square(canvas: Canvas, text: str, x: int, y: int, side: int) -> None:
    rows = list(segno.make_qr(text, error="m").matrix)
    cell = side / len(rows)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                canvas.rect(x + across * cell, y + side - (down + 1) * cell, cell, cell, stroke=0, fill=1)


def _bars(canvas: Canvas, text: str, y: int, height: int) -> None:
    """Code 128 over the width of the page, with ten modules of quiet on each side."""
    code = Code128(text, barWidth=1, barHeight=height, quiet=False, humanReadable=False)
    code = Code128(text, barWidth=min(1.35, (INNER - 4) / (code.width + 20)), barHeight=height, quiet=False)
    code.drawOn(canvas, (WIDTH - code.width) / 2, y)


def _facts(canvas: Canvas, y: int, given: Mapping[str, Any], waybill: str, on: date) -> None:
    """Weight, reference, date and contents beside the square code."""
    left, grams = EDGE + 74, given["grams"]
    write(canvas, left, y - 8, f"{grams // 1000}.{grams % 1000:03d} kg", 13, BOLD)
    write_right(canvas, WIDTH - EDGE, y - 8, on.isoformat(), 8)
    write(canvas, left, y - 22, f"Order {given['reference']}", 8)
    write(canvas, left, y - 33, f"Waybill {waybill}", 8)
    inside = ", ".join(f"{content['units']} x {content['text']}" for content in given["contents"])
    write_lines(canvas, left, y - 44, wrap(inside, "Helvetica", 7, WIDTH - EDGE - left, 2), 7)
    known_by = [f"IOSS {number}"] if (number := given.get("scheme_number")) else []
    if number := given.get("receiver_number"):
        # whole in the data that customs gets: paper lies in stair wells
        known_by.append(f"Receiver's id ..{number[-3:]}")
    if known_by:
        write(canvas, left, y - 62, "  ".join(known_by), 7, BOLD)


def _cash(canvas: Canvas, y: int, cash: Mapping[str, Any]) -> None:
    canvas.setLineWidth(2)
    canvas.rect(EDGE, y, INNER, 24)
    write(canvas, EDGE + 7, y + 8, "COLLECT CASH ON DELIVERY", 9, BOLD)
    amount = f"{cash['amount']} {cash['currency']}"
    write(canvas, WIDTH - EDGE - 7 - width(amount, BOLD, 15), y + 7, amount, 15, BOLD)


def draw(given: Mapping[str, Any], tracking: str, waybill: str, service: str, on: date) -> bytes:
    """The label of a booking, as a PDF."""
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setTitle(f"Label {tracking}")
    floor = EDGE + 14
    bars = floor + (30 if given.get("cod") else 6)
    y = _head(canvas, service, given["receiver"]["country"], given.get("direction") == "back") - 12
    y = _party(canvas, y, "FROM", given["sender"], (7,), 56)
    _rule(canvas, y)
    y = _party(canvas, y - 10, "TO", given["receiver"], (12, 11, 10, 9, 8), y - 20 - (bars + 146))
    _rule(canvas, y, 2)
    if given.get("cod"):
        _cash(canvas, floor, given["cod"])
    write(canvas, (WIDTH - width(tracking, BOLD, 13)) // 2, bars, tracking, 13, BOLD)
    _bars(canvas, tracking, bars + 14, 52)
    _rule(canvas, bars + 72)
    _square(canvas, tracking, EDGE, bars + 78, 62)
    _facts(canvas, bars + 142, given, waybill, on)
    write(canvas, EDGE, EDGE, "SILKCAST SANDBOX — no real shipment, not valid for carriage", 6, BOLD)
    canvas.showPage()
    canvas.save()
    return page.getvalue()

# SPDX-License-Identifier: Apache-2.0
"""The CN23 as a page of A5: who sends what to whom, in the order and the two languages of the post's form."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from silkcast.engines.paper.letters import wrap, write, write_lines, write_right
from silkcast.ground.places import Address
from silkcast.ground.quantity import Weight
from silkcast.trade.customs.values import CN23

WIDTH, HEIGHT = int(210 * mm), int(148 * mm)
EDGE = int(7 * mm)
RIGHT = WIDTH - EDGE
MIDDLE = 330
BOLD = "Helvetica-Bold"

COLUMNS = (
    (EDGE, "Quantity", "Quantité"),
    (EDGE + 48, "Detailed description of contents", "Description détaillée du contenu"),
    (EDGE + 262, "Net weight (kg)", "Poids net"),
    (EDGE + 330, "Value", "Valeur"),
    (EDGE + 405, "HS tariff number", "N° tarifaire SH"),
    (EDGE + 482, "Origin", "Origine"),
)
CATEGORIES = (
    ("gift", "Gift / Cadeau"),
    ("documents", "Documents"),
    ("sale of goods", "Sale of goods / Vente"),
    ("sample", "Sample / Échantillon"),
    ("returned goods", "Returned goods / Retour"),
    ("other", "Other / Autre"),
)
VOW = (
    "I, the undersigned, certify that the particulars given in this customs declaration are correct and that "
    "this item does not contain any dangerous article or articles prohibited by legislation or by postal or "
    "customs regulations."
)
TABLE_TOP, TABLE_FLOOR = 254, 140


def _kilograms(weight: Weight) -> str:
    return f"{weight.kilograms:.3f}"


def _box(canvas: Canvas, left: int, floor: int, right: int, top: int, title: str) -> None:
    canvas.setLineWidth(0.7)
    canvas.rect(left, floor, right - left, top - floor)
    write(canvas, left + 3, top - 8, title, 6)


def _party(canvas: Canvas, top: int, title: str, who: Address, email: str, reference: str) -> None:
    floor = top - 56
    _box(canvas, EDGE, floor, MIDDLE, top, title)
    write(canvas, EDGE + 62, top - 9, who.name, 8, BOLD)
    town = " ".join(filter(None, (who.postcode, who.city, who.region)))
    street = ", ".join(filter(None, (who.company, who.street, who.district)))
    lines = [*wrap(street, "Helvetica", 8, MIDDLE - EDGE - 70, 2), f"{town}, {who.country}"]
    write_lines(canvas, EDGE + 62, top - 19, lines, 8, step=9)
    write(canvas, EDGE + 3, floor + 4, f"Tel {who.phone}   {email}", 7)
    if reference:
        write_right(canvas, MIDDLE - 4, floor + 4, f"Ref. {reference}", 7, BOLD)


def _head(canvas: Canvas, form: CN23) -> None:
    write(canvas, EDGE, HEIGHT - EDGE - 12, "CUSTOMS DECLARATION", 13, BOLD)
    write(canvas, EDGE, HEIGHT - EDGE - 23, "DÉCLARATION EN DOUANE · may be opened officially", 7)
    write_right(canvas, RIGHT, HEIGHT - EDGE - 14, "CN 23", 17, BOLD)
    code = Code128(form.item_no, barWidth=1.05, barHeight=34, quiet=False)
    code.drawOn(canvas, RIGHT - code.width, 330)
    write(canvas, int(RIGHT - code.width), 319, f"Item no. {form.item_no}", 9, BOLD)
    _box(
        canvas,
        MIDDLE + 8,
        TABLE_TOP + 4,
        RIGHT,
        314,
        "Importer's reference (tax code, VAT, IOSS) / Référence",
    )
    write(canvas, MIDDLE + 12, TABLE_TOP + 30, form.importer_reference or "—", 10, BOLD)
    write(canvas, MIDDLE + 12, TABLE_TOP + 11, f"Invoice / Facture {form.invoice_no or '—'}", 7)


def _table(canvas: Canvas, form: CN23) -> None:
    canvas.setLineWidth(0.7)
    canvas.rect(EDGE, TABLE_FLOOR, RIGHT - EDGE, TABLE_TOP - TABLE_FLOOR)
    for left, english, french in COLUMNS:
        write(canvas, left + 3, TABLE_TOP - 8, english, 6, BOLD)
        write(canvas, left + 3, TABLE_TOP - 15, french, 5)
        if left > EDGE:
            canvas.line(left, TABLE_FLOOR, left, TABLE_TOP)
    canvas.line(EDGE, TABLE_TOP - 19, RIGHT, TABLE_TOP - 19)
    step = min(13, (TABLE_TOP - 22 - TABLE_FLOOR) // max(1, len(form.contents)))
    size, y = min(8, step - 1), TABLE_TOP - 19 - step + 3
    for content in form.contents:
        value = f"{content.value.amount} {content.value.currency}"
        cells = (
            str(content.units),
            content.text,
            _kilograms(content.net),
            value,
            content.hs_code,
            content.origin,
        )
        for (left, _, _), text in zip(COLUMNS, cells, strict=True):
            write(canvas, left + 3, y, text, size)
        y -= step


def _totals(canvas: Canvas, form: CN23) -> None:
    cells: Sequence[tuple[int, int, str, str]] = (
        (EDGE, EDGE + 130, "Total gross weight / Poids brut total", f"{_kilograms(form.gross)} kg"),
        (EDGE + 130, EDGE + 262, "Total net weight / Poids net total", f"{_kilograms(form.net)} kg"),
        (EDGE + 262, EDGE + 405, "Total value / Valeur totale", str(form.value)),
        (EDGE + 405, RIGHT, "Postal charges / Frais de port", str(form.postage)),
    )
    for left, right, title, text in cells:
        _box(canvas, left, TABLE_FLOOR - 24, right, TABLE_FLOOR, title)
        write(canvas, left + 3, TABLE_FLOOR - 20, text, 9, BOLD)


def _category(canvas: Canvas, form: CN23) -> None:
    top = TABLE_FLOOR - 28
    _box(canvas, EDGE, top - 40, MIDDLE, top, "Category of item / Catégorie de l'envoi")
    for place, (name, title) in enumerate(CATEGORIES):
        x, y = EDGE + 5 + place % 3 * 98, top - 21 - place // 3 * 13
        canvas.rect(x, y, 7, 7)
        if name == form.category:
            canvas.setLineWidth(1.4)
            canvas.line(x + 1, y + 1, x + 6, y + 6)
            canvas.line(x + 1, y + 6, x + 6, y + 1)
            canvas.setLineWidth(0.7)
        write(canvas, x + 10, y + 1, title, 6)
    _box(canvas, EDGE, EDGE, MIDDLE, top - 44, "Remarks / Observations")
    write_lines(
        canvas, EDGE + 5, top - 61, wrap(form.remarks or "—", "Helvetica", 7, MIDDLE - EDGE - 12, 2), 7
    )


def _signature(canvas: Canvas, form: CN23) -> None:
    top = TABLE_FLOOR - 28
    _box(canvas, MIDDLE + 8, EDGE, RIGHT, top, "Office of origin, date / Bureau d'origine, date")
    write(canvas, MIDDLE + 12, top - 18, f"{form.office}, {form.on.isoformat()}", 8, BOLD)
    y = write_lines(
        canvas, MIDDLE + 12, top - 29, wrap(VOW, "Helvetica", 6, RIGHT - MIDDLE - 18, 5), 6, step=7
    )
    write(canvas, MIDDLE + 12, y - 2, f"Signed for the sender: {form.sender.name}", 7)


def draw(form: CN23) -> bytes:
    """The form as a PDF of one page."""
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setTitle(f"CN23 {form.item_no}")
    _head(canvas, form)
    _party(canvas, HEIGHT - EDGE - 28, "From / De", form.sender, form.sender_email, form.sender_reference)
    _party(canvas, HEIGHT - EDGE - 86, "To / À", form.addressee, form.addressee_email, "")
    _table(canvas, form)
    _totals(canvas, form)
    _category(canvas, form)
    _signature(canvas, form)
    write(canvas, EDGE, 8, "SILKCAST SANDBOX — filled by Silkcast, not handed to any post", 6, BOLD)
    canvas.showPage()
    canvas.save()
    return page.getvalue()

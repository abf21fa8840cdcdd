# SPDX-License-Identifier: Apache-2.0
"""Price words: the lines of a price in the reader's language, each with its why and where it is explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from silkcast.faces.format import Format
from silkcast.faces.shop.views import Line
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_
from silkcast.ground.price import PriceLine

TAXES = {
    "vat": N_("VAT"),
    "gst": N_("GST"),
    "sales_tax": N_("Sales tax"),
}
FEES = {
    "fee.cash_on_delivery": N_("Cash on delivery"),
    "processing_fee": N_("Customs processing fee"),
}
KINDS = {
    "goods": N_("Goods"),
    "freight": N_("Delivery"),
    "insurance": N_("Insurance"),
    "duty": N_("Customs duty"),
    "excise": N_("Excise"),
    "tax": N_("Tax"),
    "fee": N_("Fee"),
}
NONE = {
    "duty": N_("No duty on this."),
    "tax": N_("No tax at checkout."),
}


NOTHING: Mapping[str, str | int] = {}


def name_of(line: PriceLine, visit: Visit) -> str:
    _ = catalog(visit.language).gettext
    component = line.facts.get("component", "")
    sentence = FEES.get(line.code) or TAXES.get(component) or FEES.get(component) or KINDS[line.kind]
    return _(sentence)


def why_of(line: PriceLine, visit: Visit, *, delivery: str = "") -> str:
    """Units for goods, the service for delivery, rate and base for what the law takes."""
    words = catalog(visit.language)
    f = Format.of(visit)
    if line.kind == "goods":
        units = int(line.facts.get("units", "1"))
        return words.ngettext("%(num)s piece", "%(num)s pieces", units) % {"num": f.number_text(units)}
    if line.kind == "freight":
        return delivery or (words.gettext("Free") if line.amount.is_zero else "")
    if line.collected_at == "door":
        return words.gettext("Paid to the carrier at the door.")
    if line.code.endswith((".none", ".free")):
        return words.gettext(NONE[line.kind]) if line.kind in NONE else ""
    if line.base is not None and "%" in line.rate:
        base = f.money_text(line.base)
        return words.gettext("%(rate)s of %(base)s") % {"rate": rate_text(line.rate, f), "base": base}
    if line.kind in ("duty", "tax", "excise") and "HS6" in line.rate:
        return words.gettext("A flat amount for each kind of goods")
    return ""


def rate_text(rate: str, f: Format) -> str:
    """`20.8 % + 7.5 %` in the reader's figures."""
    plain = rate.replace(" %", "%")
    if f.numerals == "arab":
        return plain.translate(str.maketrans("0123456789.%", "٠١٢٣٤٥٦٧٨٩٫٪"))
    return plain.replace(".", f.locale.number_symbols["latn"]["decimal"])


def lines_of(
    lines: Sequence[PriceLine],
    visit: Visit,
    *,
    delivery: str = "",
    why: str = "",
    asked: Mapping[str, str | int] = NOTHING,
) -> tuple[Line, ...]:
    """The lines as a page shows them. `why` is the address that explains each, asked with its number."""
    made = []
    for number, line in enumerate(lines):
        has_rule = bool(why and line.kind not in ("goods", "freight"))
        made.append(
            Line(
                name=name_of(line, visit),
                amount=line.amount,
                why=why_of(line, visit, delivery=delivery),
                info=f"{why}?{urlencode({**asked, 'line': number})}" if has_rule else "",
            )
        )
    return tuple(made)

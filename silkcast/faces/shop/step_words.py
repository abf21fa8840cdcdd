# SPDX-License-Identifier: Apache-2.0
"""Step words: the steps of a landed cost as sentences in the reader's language."""

from __future__ import annotations

from babel.lists import format_list

from silkcast.faces.format import Format
from silkcast.faces.shop.price_words import FEES, KINDS, TAXES, rate_text
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_
from silkcast.ground.money import BadMoney, Money
from silkcast.ground.price import Step

SENTENCES = {
    "base": N_("Worked out from %(of)s: %(base)s"),
    "rate": N_("%(rate)s of %(base)s: %(amount)s"),
    "inside": N_("%(rate)s of %(base)s, the tax being part of its own base: %(amount)s"),
    "fixed": N_("A fixed amount: %(each)s"),
    "per_unit": N_("%(each)s for each piece: %(amount)s"),
    "per_kg": N_("%(each)s for each kilogram: %(amount)s"),
    "per_code": N_("%(each)s for each kind of goods: %(amount)s"),
    "combined": N_("Worked out as %(rate)s: %(amount)s"),
    "share": N_("%(share)s of it is taken: %(amount)s"),
    "excess": N_("Only what is above %(bound)s counts."),
    "when.over": N_("Holds where this is more than %(bound)s: %(measure)s"),
    "when.from": N_("Holds where this is at least %(bound)s: %(measure)s"),
    "when.up_to": N_("Holds where this is at most %(bound)s: %(measure)s"),
    "when.under": N_("Holds where this is less than %(bound)s: %(measure)s"),
    "word.origin": N_("Holds for goods made in %(words)s"),
    "word.region": N_("Holds for parcels to %(words)s"),
    "word.channel": N_("Holds for this way of sending: %(words)s"),
    "word.incoterm": N_("Holds for these terms of delivery: %(words)s"),
    "word.scheme": N_("Holds under this registration of the seller: %(words)s"),
    "word.proof": N_("Holds with this proof of origin: %(words)s"),
}
MEASURES = {
    "goods": N_("value of the goods"),
    "intrinsic": N_("value of the goods"),
    "fob": N_("value of the goods"),
    "goods_freight": N_("goods and delivery"),
    "cif": N_("goods, delivery and insurance"),
    "freight": N_("delivery"),
    "insurance": N_("insurance"),
    "customs_value": N_("customs value"),
    "units": N_("number of pieces"),
    "codes": N_("number of kinds of goods"),
    "weight_kg": N_("weight in kilograms"),
}
MONEY = ("base", "amount", "each", "bound")


def step_text(step: Step, currency: str, visit: Visit) -> str:
    """One step in a sentence; money without a currency of its own is in the price's."""
    words, f = catalog(visit.language), Format.of(visit)
    shown = dict(step.facts)
    for name in MONEY:
        if name in shown and not (name == "bound" and "currency" not in shown):
            own = step.facts.get("currency", currency) if name in ("each", "bound") else currency
            shown[name] = _money(shown[name], own, f)
    for name in ("rate", "share"):
        if name in shown:
            shown[name] = rate_text(shown[name], f)
    if "measure" in shown:
        shown["measure"] = _name(shown["measure"], visit)
    if "of" in shown:
        names = dict.fromkeys(_name(name, visit) for name in shown["of"].split(","))
        shown["of"] = format_list(list(names), locale=f.locale)
    if step.code == "word.origin":
        shown["words"] = format_list(
            [f.country(code) for code in shown["words"].split(", ")], locale=f.locale
        )
    return words.gettext(SENTENCES[step.code]) % shown


def _money(figure: str, currency: str, f: Format) -> str:
    """Exact figures may have more decimals than money has."""
    try:
        return f.money_text(Money.of(figure, currency))
    except (BadMoney, ArithmeticError):
        return f"{rate_text(figure, f)} {currency}"


def _name(measure: str, visit: Visit) -> str:
    _ = catalog(visit.language).gettext
    plain = measure.removesuffix(".charged").removesuffix(".full")
    if plain.startswith("quota."):
        return _(N_("bought so far and now"))
    sentence = MEASURES.get(plain) or TAXES.get(plain) or FEES.get(plain) or KINDS.get(plain)
    return _(sentence) if sentence else plain.replace("_", " ")

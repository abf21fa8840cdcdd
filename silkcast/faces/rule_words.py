# SPDX-License-Identifier: Apache-2.0
"""Words for the rules behind a price: the names that rows of law carry in `packs`."""

from __future__ import annotations

from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_

RULES = (
    N_("French fee for each kind; suspended since 2026-07-01"),
    N_("GST at import"),
    N_("GST at sale"),
    N_("GST at sale, registered overseas vendor"),
    N_("ICMS, inside its own base"),
    N_("Section 122, ended"),
    N_("Section 301, China lists"),
    N_("Section 301, forced labor"),
    N_("VAT at import"),
    N_("VAT at sale"),
    N_("VAT at sale, under IOSS"),
    N_("VAT inside the limits"),
    N_("VAT inside the limits, books"),
    N_("bags, textiles, shoes, bicycles"),
    N_("certified seller, above 50 USD"),
    N_("certified seller, up to 50 USD"),
    N_("common tariff"),
    N_("common tariff, highest rate of the heading"),
    N_("consumption tax, goods without relief"),
    N_("consumption tax, part of the prefecture"),
    N_("consumption tax, part of the state"),
    N_("dutiable mail"),
    N_("excise on cosmetics, taken as high-grade"),
    N_("federal GST"),
    N_("fee of the state for each parcel"),
    N_("flat duty for each kind"),
    N_("flat rate of low value"),
    N_("free of duty"),
    N_("general rate of consignments"),
    N_("global rate, taxes inside"),
    N_("goods of OTV list IV"),
    N_("handling fee of the post"),
    N_("highest rate of the heading, no relief for knitwear"),
    N_("highest rate of the heading, no relief for leather"),
    N_("import declaration fee"),
    N_("import processing charge"),
    N_("income tax at import, special groups"),
    N_("merchandise processing fee of a formal entry"),
    N_("merchandise processing fee of an informal entry"),
    N_("most favoured nation"),
    N_("no duty below 1,000 SAR, freight counted"),
    N_("no duty inside the limits"),
    N_("no duty on books"),
    N_("no duty on low value"),
    N_("no duty on low value, courier from the US or Mexico"),
    N_("no duty on low value, registered seller"),
    N_("no duty with proof of origin"),
    N_("one rate for all goods"),
    N_("one rate on the value above the threshold"),
    N_("ordinary or flat rate, whichever is higher"),
    N_("ordinary tariff"),
    N_("ordinary tariff from the first cent"),
    N_("ordinary tariff from the first cent, highest rate of the heading"),
    N_("ordinary tariff, highest rate of the heading"),
    N_("railway development levy"),
    N_("relief up to 150 EUR"),
    N_("sales tax on low-value goods"),
    N_("seller outside the programme"),
    N_("simplified tariff"),
    N_("social welfare surcharge on duty"),
    N_("tax of the province"),
    N_("uplift of the base of VAT"),
    N_("watches, cosmetics, iron and steel"),
)


def rule_words(rule: str, language: str) -> str:
    """A rule's name, or several joined by semicolons, in the reader's language."""
    words = catalog(language)
    if rule in RULES:
        return words.gettext(rule)
    return "; ".join(words.gettext(part) if part in RULES else part for part in rule.split("; "))

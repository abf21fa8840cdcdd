# SPDX-License-Identifier: Apache-2.0
"""Words for the rules behind a price: the names that rows of law carry in `packs`."""

from __future__ import annotations

from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_

RULES = (
    N_("French fee for each kind; suspended since 2026-07-01"),
    N_("GST at import"),
    N_("GST at sale, registered overseas vendor"),
    N_("Section 122, ended"),
    N_("Section 301, China lists"),
    N_("Section 301, forced labor"),
    N_("VAT at import"),
    N_("VAT at sale, under IOSS"),
    N_("common tariff"),
    N_("dutiable mail"),
    N_("flat duty for each kind"),
    N_("free of duty"),
    N_("handling fee of the post"),
    N_("merchandise processing fee of a formal entry"),
    N_("merchandise processing fee of an informal entry"),
    N_("most favoured nation"),
    N_("no duty below 1,000 SAR, freight counted"),
    N_("ordinary tariff"),
    N_("ordinary tariff from the first cent"),
    N_("relief up to 150 EUR"),
)


def rule_words(rule: str, language: str) -> str:
    """A rule's name, or several joined by semicolons, in the reader's language."""
    words = catalog(language)
    if rule in RULES:
        return words.gettext(rule)
    return "; ".join(words.gettext(part) if part in RULES else part for part in rule.split("; "))

# SPDX-License-Identifier: Apache-2.0
"""Why: one line of a price explained, as far as its rule is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from silkcast.faces.format import Format
from silkcast.faces.rule_words import rule_words
from silkcast.faces.shop.buy_views import RuleView, WhyView
from silkcast.faces.shop.price_words import name_of, rate_text
from silkcast.faces.shop.step_words import step_text
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_
from silkcast.ground.price import PriceLine, Step

KINDS = {
    "goods": N_("What the shop asks for the goods themselves."),
    "freight": N_("What the carrier is paid to bring it to your door."),
    "duty": N_("Duty is what your country takes on goods from abroad. We pay it to customs for you."),
    "tax": N_("The tax of your country. We collect it with the price and pass it on."),
    "excise": N_("Excise is a tax on certain goods. We pay it for you."),
    "fee": N_("A fee that comes with this order."),
    "insurance": N_("What it costs to insure the parcel."),
}
MARKS = {
    "verified": N_("Checked against its source."),
    "knowledge": N_("Written from general knowledge; it has not been checked against a source yet."),
    "example": N_("An example, not the law."),
    "ours": N_("Our own rule."),
}


def why_view(line: PriceLine, visit: Visit, back: str) -> WhyView:
    _ = catalog(visit.language).gettext
    f = Format.of(visit)
    sentences = [_(KINDS[line.kind])]
    if line.collected_at == "door":
        sentences.append(_("Paid to the carrier at the door."))
    if line.mark in MARKS:
        sentences.append(_(MARKS[line.mark]))
    rows: list[tuple[str, str]] = []
    if line.base is not None:
        rows.append((_("Worked out from"), f.money_text(line.base)))
    if line.rate:
        rate = rate_text(line.rate.removesuffix(" / HS6"), f)
        is_flat = line.rate.endswith(" / HS6")
        rows.append((_("Rate"), _("%(rate)s for each kind of goods") % {"rate": rate} if is_flat else rate))
    if line.facts.get("formula") and line.base is None:
        rows.append((_("Sum"), rate_text(line.facts["formula"], f)))
    rows.append((_("Amount"), f.money_text(line.amount)))
    return WhyView(
        title=name_of(line, visit),
        sentences=sentences,
        rows=rows,
        back=back,
        rule=rule_words(line.rule, visit.language) if line.rule else "",
        since=line.valid_from,
        source=line.source,
        rules=tuple(_rules(line, visit)),
    )


def _rules(line: PriceLine, visit: Visit) -> Iterator[RuleView]:
    """The steps of a line by rule: those that say why come before the one that names the rule."""
    rule: Step | None = None
    sentences: list[str] = []
    for step in line.steps:
        if rule is not None and step.code != "share":
            yield _rule(rule, sentences, visit)
            rule, sentences = None, []
        sentences.append(step_text(step, line.amount.currency, visit))
        rule = rule or (step if step.rule else None)
    if rule is not None:
        yield _rule(rule, sentences, visit)


def _rule(step: Step, sentences: Sequence[str], visit: Visit) -> RuleView:
    mark = catalog(visit.language).gettext(MARKS[step.mark]) if step.mark in MARKS else ""
    name = rule_words(step.rule, visit.language)
    return RuleView(name, tuple(sentences), mark, step.valid_from, step.valid_to, step.source)

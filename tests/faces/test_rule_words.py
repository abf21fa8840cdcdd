# SPDX-License-Identifier: Apache-2.0
from silkcast.faces.rule_words import RULES, rule_words
from silkcast.goods.duties import service as duties


def test_every_rule_that_is_kept_has_words() -> None:
    assert set(RULES) == duties.rule_words()


def test_several_rules_are_read_one_by_one() -> None:
    both = "most favoured nation; Section 301, forced labor"

    assert rule_words(both, "fr") == "nation la plus favorisée; article 301, travail forcé"
    assert rule_words("something else", "fr") == "something else"

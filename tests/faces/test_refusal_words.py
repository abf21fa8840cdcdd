# SPDX-License-Identifier: Apache-2.0
"""No refusal is without words, and no words speak of what a refusal does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pkgutil import walk_packages

import silkcast
from silkcast.faces.refusal_words import KINDS, SENTENCES
from silkcast.faces.refusing import STATUS, problem
from silkcast.ground.refusals import Refusal

PLACE = re.compile(r"%\((\w+)\)")


def refusals() -> dict[str, type[Refusal]]:
    """Every refusal of the package by its code; all modules are imported first."""
    for module in walk_packages(silkcast.__path__, "silkcast."):
        if not module.name.endswith("__main__") and "static" not in module.name:
            import_module(module.name)
    return {kind.code: kind for kind in below(Refusal) if kind.__module__.startswith("silkcast.")}


def below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def test_every_refusal_has_words_of_its_own_or_of_its_kind() -> None:
    for code, kind in refusals().items():
        assert code in SENTENCES or any(issubclass(kind, known) for known, _ in KINDS[:-1]), code
        assert any(issubclass(kind, known) for known, _ in STATUS), code


def test_words_speak_only_of_what_the_refusal_knows() -> None:
    known = refusals()
    for code, sentence in SENTENCES.items():
        assert code in known, f"nobody refuses with {code} any more"
        has = {field.name for field in fields(known[code])}
        assert set(PLACE.findall(sentence)) <= has, code


def test_codes_are_a_module_and_a_word_or_a_kinds_own() -> None:
    shape = re.compile(r"[a-z_]+\.[a-z0-9_]+")
    kinds = {kind.code for kind, _ in KINDS}
    for code in refusals():
        assert shape.fullmatch(code) or code in kinds, code


def test_a_problem_names_its_code_and_its_facts() -> None:
    from silkcast.goods.stock.errors import StockShort
    from silkcast.ground.ids import VariantId, new_uuid

    variant = VariantId(new_uuid())

    body = problem(StockShort(variant, wanted=3, left=1), title="Sold out")

    assert (body["code"], body["status"]) == ("stock.short", 409)
    assert body["facts"] == {"variant": str(variant), "wanted": 3, "left": 1}

# SPDX-License-Identifier: Apache-2.0
"""Translating: a product's name and description by machine, where the reader's language has none.

It works without script: `?translated=1` is the same page, with a label and the way back to the original.
"""

from __future__ import annotations

from dataclasses import replace

from silkcast.faces.house import House
from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop.views import Machine, ProductView
from silkcast.faces.visit import Visit
from silkcast.flows.translating import Wanted
from silkcast.ground.ids import SellerId
from silkcast.ground.language import Words
from silkcast.ground.refusals import Refusal
from silkcast.ground.scripts import is_foreign
from silkcast.who.translations.errors import NotTranslated


def offered(
    house: House, visit: Visit, texts: tuple[Words, ...], path: str, variant: str | None
) -> Machine | None:
    """The way to the translated page, where something on it is foreign to the reader."""
    if not any(is_for(words, visit) for words in texts) or not house.translating.speaks(visit.language):
        return None
    chosen = f"?variant={variant}&" if variant else "?"
    return Machine(translated=f"{path}{chosen}translated=1", original=f"{path}{chosen}".rstrip("?&"))


def is_for(words: Words, visit: Visit) -> bool:
    language, text = words.pick(visit.language)
    return is_foreign(text, language, visit.language)


async def translated(house: House, visit: Visit, view: ProductView, seller: SellerId) -> ProductView:
    """The page with its foreign texts put over, or with why not."""
    machine = view.machine
    if machine is None:
        return view
    texts = [words for words in (view.name, view.description) if is_for(words, visit)]
    wanted = [Wanted(text, language) for language, text in (words.pick(visit.language) for words in texts)]
    try:
        made = await house.translating.many(wanted, visit.language, seller=seller)
        if not any(made):
            raise NotTranslated()
    except Refusal as refusal:
        return refused(visit, view, refusal)
    there = {
        id(words): Words({visit.language: one.text})
        for words, one in zip(texts, made, strict=True)
        if one is not None
    }
    return replace(
        view,
        name=there.get(id(view.name), view.name),
        description=there.get(id(view.description), view.description),
        machine=replace(machine, is_shown=True),
    )


def refused(visit: Visit, view: ProductView, refusal: Refusal) -> ProductView:
    """The page as the seller wrote it, and why it is not translated."""
    assert view.machine is not None, "only what was offered is refused"
    return replace(view, machine=replace(view.machine, problem=words_of(refusal, visit.language)))

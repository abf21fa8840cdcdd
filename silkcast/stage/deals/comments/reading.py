# SPDX-License-Identifier: Apache-2.0
"""The door: a comment in, what it is read as out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from silkcast.ground.places import Country

from .atoms import cut
from .drafts import Draft, draft
from .folding import fold
from .grammar import Vocabulary, vocabulary
from .shelf import Shelf, lay_out
from .tokens import Token, Tokens
from .tolerance import CONTENT, understood, within
from .values import Ask, Cancellation, Line, NoOrder, Offered, Order, Reading, Reason, Rule, WhichVariant

LONGEST = 200
"""Characters. Whoever writes more than this tells a story."""
MOST_UNITS = 50
MOST_LINES = 10

QUOTED = re.compile(r'"[^"\w]*\w[^"]*"')
REASONS: dict[str, Reason] = {
    "no_cancel": "negation",
    "question": "question",
    "hypothetical": "hypothetical",
    "past": "past",
    "others": "others",
    "negation": "negation",
    "interest": "interest",
}
"""Words that make a comment no order whatever else is in it, the more telling one first."""


def read(
    text: str,
    *,
    market: Country | None,
    language: str,
    offered: Sequence[Offered] | Shelf,
    most: int = MOST_UNITS,
) -> Reading:
    """What a comment is read as. For many comments on the same goods `lay_out` them once, pass the shelf."""
    if len(text) > LONGEST:
        return NoOrder("too long")
    folded = fold(text).strip()
    if not folded:
        return NoOrder("empty")
    if QUOTED.search(folded):
        if not (folded[0] == folded[-1] == '"' and folded.count('"') == 2):
            return NoOrder("quoted")
        folded = folded.strip('"')
    shelf = offered if isinstance(offered, Shelf) else lay_out(offered)
    words = vocabulary(market, language)
    return _judge(Tokens(cut(folded), words, shelf, most).walk(), words, shelf, most)


def _judge(tokens: list[Token], words: Vocabulary, shelf: Shelf, most: int) -> Reading:
    kinds = {token.kind for token in tokens}
    if "cancel" in kinds:
        kept = understood(tokens, bearing=CONTENT | {"cancel"})
        return _cancellation(kept, {token.kind for token in kept}, shelf)
    if reason := next((reason for kind, reason in REASONS.items() if kind in kinds), None):
        return NoOrder(reason)
    if "figure" in kinds:
        return NoOrder("number")
    if "unknown" in kinds:
        tokens = within(understood(tokens, bearing=CONTENT))
        kinds = {token.kind for token in tokens}
        if "unknown" in kinds or not kinds & CONTENT:
            return NoOrder("talk")
    if "not_offered" in kinds:
        return NoOrder("not offered")
    lines = draft(tokens, shelf)
    rule = _rule(tokens, words)
    if rule is None or ("praise" in kinds and rule not in ("claim", "want", "plus")):
        return NoOrder("talk")
    if "mention" in kinds and all(line.is_empty for line in lines):
        return NoOrder("others")
    return _order(lines, rule, shelf, is_choice="or" in kinds, most=most)


def _rule(tokens: list[Token], words: Vocabulary) -> Rule | None:
    """Why it is an order; None if there is no reason to think so."""
    names_something = not CONTENT.isdisjoint(token.kind for token in tokens)
    kinds = {token.kind for token in tokens if names_something or not token.is_vague}
    for kind in ("claim", "want", "plus", "self"):
        if kind in kinds:
            return kind
    has_number = bool(kinds & {"units", "number"})
    has_code, has_option = "code" in kinds, "option" in kinds
    if "please" in kinds and (has_number or has_code or has_option or "one" in kinds):
        return "please"
    if has_code and has_number:
        return "code and units"
    if has_option and (has_number or "one" in kinds):
        return "option and units"
    if "units" in kinds:
        return "units"
    has_letters = any(token.kind == "code" and not token.number for token in tokens)
    if has_letters and words.habit.is_bare_code_order:
        return "code"
    return None


def _cancellation(tokens: list[Token], kinds: set[str], shelf: Shelf) -> Reading:
    for kind in ("no_cancel", "question", "hypothetical", "past", "others"):
        if kind in kinds:
            return NoOrder(REASONS[kind])
    said = [token.kind for token in tokens]
    if said[max(said.index("cancel") - 1, 0)] == "negation":
        return NoOrder("negation")
    is_mixed = not kinds.isdisjoint(("claim", "want")) and said.count("code") > 1
    if is_mixed or not kinds.isdisjoint(("units", "plus")):
        return NoOrder("unclear")
    if "unknown" in kinds or "figure" in kinds:
        return NoOrder("talk")
    named = [line for line in draft(tokens, shelf) if not line.is_empty]
    places = sorted({place for line in named for place in line.fits(shelf)})
    if named and not places:
        return NoOrder("not offered")
    return Cancellation(tuple(shelf.variants[place] for place in places))


def _order(lines: list[Draft], rule: Rule, shelf: Shelf, *, is_choice: bool, most: int) -> Reading:
    if len(lines) > MOST_LINES or (len(lines) > 1 and any(line.is_empty for line in lines)):
        return NoOrder("unclear")
    found: list[tuple[list[int], int]] = [(line.fits(shelf), line.units or 1) for line in lines]
    if any(units > most for _, units in found):
        return NoOrder("too many")
    if not all(places for places, _ in found):
        return NoOrder("not offered")
    if is_choice:
        found = [
            (sorted({place for places, _ in found for place in places}), max(units for _, units in found))
        ]
    clear: dict[int, int] = {}
    for places, units in found:
        if len(places) == 1:
            clear[places[0]] = clear.get(places[0], 0) + units
    if any(units > most for units in clear.values()):
        return NoOrder("too many")
    settled = tuple(Line(shelf.variants[place], units) for place, units in clear.items())
    asks = tuple(
        Ask(tuple(shelf.variants[place] for place in places), units)
        for places, units in found
        if len(places) > 1
    )
    return WhichVariant(asks, settled, rule) if asks else Order(settled, rule)

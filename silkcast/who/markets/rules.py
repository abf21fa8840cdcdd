# SPDX-License-Identifier: Apache-2.0
"""Which market a browser's languages point to."""

from __future__ import annotations

from collections.abc import Sequence

from silkcast.ground.language import Language

from .values import Market

MOST_TAGS = 20


def liked(accept_language: str) -> tuple[str, ...]:
    """The tags of an Accept-Language header, best first. What is no tag or not wanted is left out."""
    wanted: list[tuple[int, int, str]] = []
    for index, part in enumerate(accept_language.split(",")[:MOST_TAGS]):
        tag, _, weight = part.strip().partition(";")
        thousandths = _thousandths(weight.strip())
        if tag and thousandths and all(piece.isalnum() for piece in tag.split("-")):
            wanted.append((-thousandths, index, tag))
    return tuple(tag for _, _, tag in sorted(wanted))


def _thousandths(weight: str) -> int:
    """`q=0.8` as 800; no weight is 1000, a bad one is 0."""
    if not weight:
        return 1000
    name, _, digits = weight.partition("=")
    whole, _, rest = digits.partition(".")
    rest = (rest + "000")[:3]
    if name.strip() != "q" or not (whole.isascii() and whole.isdigit() and rest.isascii() and rest.isdigit()):
        return 0
    return min(1000, int(whole[:3]) * 1000 + int(rest))


def preferred(accept_language: str, markets: Sequence[Market]) -> Market:
    """A tag with a country we sell in counts first; then the market that puts the language first among its
    own; where that does not tell, the market of the lowest rank."""
    tags = liked(accept_language)
    for tag in tags:
        for market in markets:
            if market.code in tag.upper().split("-")[1:]:
                return market
    for tag in tags:
        base = tag.split("-")[0].lower()
        speaking = [market for market in markets if base in market.languages]
        if speaking:
            return min(speaking, key=lambda market: (market.languages.index(Language(base)), market.rank))
    return min(markets, key=lambda market: market.rank)

# SPDX-License-Identifier: Apache-2.0
"""Which market a browser's languages point to."""

from __future__ import annotations

from collections.abc import Sequence

from silkcast.ground.language import Language, liked

from .names import reads
from .values import Market


def preferred(accept_language: str, markets: Sequence[Market]) -> Market:
    """A tag with a country we sell in counts first; then the market that puts the language first among its
    own, in the same script; where that does not tell, the market of the lowest rank."""
    tags = liked(accept_language)
    for tag in tags:
        regions = {piece.upper() for piece in tag.split("-")[1:]}
        for market in markets:
            if market.code in regions:
                return market
    for tag in tags:
        found = [
            (place, market.rank, market) for market in markets if (place := _place(tag, market)) is not None
        ]
        if found:
            return min(found, key=lambda one: one[:2])[2]
    return min(markets, key=lambda market: market.rank)


def spoken(accept_language: str, market: Market) -> Language:
    """The language of the market that the browser likes best, else the market's own."""
    for tag in liked(accept_language):
        place = _place(tag, market)
        if place is not None:
            return market.languages[place]
    return market.default_language


def _place(tag: str, market: Market) -> int | None:
    """How early the market names this language, read in the same script."""
    wanted = reads(tag)
    return next((place for place, own in enumerate(market.languages) if reads(own) == wanted), None)

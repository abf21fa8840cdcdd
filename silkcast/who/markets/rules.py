# SPDX-License-Identifier: Apache-2.0
"""Which market a browser's languages point to."""

from __future__ import annotations

from collections.abc import Sequence

from silkcast.ground.language import closest, liked

from .values import Market


def preferred(accept_language: str, markets: Sequence[Market]) -> Market:
    """A tag with a country we sell in counts first; then the market that puts the language first among its
    own; where that does not tell, the market of the lowest rank."""
    tags = liked(accept_language)
    for tag in tags:
        for market in markets:
            if market.code in tag.upper().split("-")[1:]:
                return market
    for tag in tags:
        speaking = [
            (market.languages.index(own), market.rank, market)
            for market in markets
            if (own := closest(tag, market.languages)) is not None
        ]
        if speaking:
            return min(speaking, key=lambda found: found[:2])[2]
    return min(markets, key=lambda market: market.rank)

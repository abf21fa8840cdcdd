# SPDX-License-Identifier: Apache-2.0
"""Before: all that must be known of a room before lines are said in it, asked in one question. A rush waits
for each question that goes to and fro."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from silkcast.ground.ids import LineId, SellerId, ShowId, UserId
from silkcast.plumbing.db import Db
from silkcast.stage.chat.rules.deciding import FOLD_WINDOW, ROOM_WINDOW, SAME_WINDOW, Room, Spoken
from silkcast.stage.chat.values import Speaking

_BEFORE = text("""
WITH room AS (SELECT slow_seconds, has_links, who FROM chat.speaking WHERE show_id = :show)
SELECT 'room' AS what, CAST(NULL AS bytea) AS author, CAST(NULL AS timestamptz) AS at,
    CAST(NULL AS bytea) AS fold, CAST(NULL AS uuid) AS id, to_jsonb(room) AS more
FROM room
UNION ALL SELECT 'word', NULL, NULL, NULL, NULL, to_jsonb(word) FROM chat.words WHERE seller_id = :seller
UNION ALL SELECT 'market_word', NULL, NULL, NULL, NULL, jsonb_build_array(market, word)
    FROM chat.market_words WHERE market = ANY(:markets)
UNION ALL SELECT 'lately', NULL, NULL, NULL, NULL, to_jsonb(count(*)) FROM (
    SELECT FROM chat.lines
    WHERE show_id = :show AND shown_at > :lately AND state = 'shown' AND kind = 'viewer' LIMIT :most
) AS shown
UNION ALL SELECT 'spoken', author, at, fold, NULL, NULL FROM chat.lines
    WHERE show_id = :show AND author = ANY(:authors) AND at > least(
        :same, CAST(:now AS timestamptz) - make_interval(secs => coalesce((SELECT slow_seconds FROM room), 0))
    )
UNION ALL SELECT 'ban', author, until, NULL, NULL, NULL FROM chat.bans
    WHERE seller_id = :seller AND author = ANY(:authors) AND lifted_at IS NULL
    AND (show_id IS NULL OR show_id = :show) AND (until IS NULL OR until > :now)
UNION ALL SELECT 'fold', NULL, shown_at, fold, id, NULL FROM chat.lines
    WHERE show_id = :show AND shown_at > :folded AND fold = ANY(:folds)
    AND state = 'shown' AND kind = 'viewer'
UNION ALL SELECT 'moderator', NULL, NULL, NULL, user_id, NULL FROM chat.moderators
    WHERE user_id = ANY(:users) AND seller_id = :seller AND (show_id IS NULL OR show_id = :show)
ORDER BY at NULLS LAST
""")


async def room(
    db: Db,
    show: ShowId,
    seller: SellerId,
    *,
    authors: Collection[bytes],
    users: Collection[UserId],
    folds: Collection[bytes],
    markets: Collection[str] = (),
    most: int,
) -> Room:
    """What the rules must know for lines of these authors that say these things."""
    values = {
        "show": show,
        "seller": seller,
        "authors": list(authors),
        "users": list(users),
        "folds": list(folds),
        "markets": list(markets),
        "most": most,
        "now": db.now,
        "lately": db.now - ROOM_WINDOW,
        "same": db.now - SAME_WINDOW,
        "folded": db.now - FOLD_WINDOW,
    }
    return _room((await db.session.execute(_BEFORE, values)).all())


def _room(rows: Sequence[Any]) -> Room:
    """Rows come by time, those without one last: of two bans the longer one stays, of two lines the later."""
    speaking, words, lately = Speaking(), set(), 0
    spoken: dict[bytes, list[Spoken]] = defaultdict(list)
    bans: dict[bytes, datetime | None] = {}
    folds: dict[bytes, LineId] = {}
    moderators: set[UserId] = set()
    of_markets: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        match row.what:
            case "room":
                speaking = Speaking(**row.more)
            case "word":
                words.add(row.more)
            case "market_word":
                of_markets[row.more[0]].add(row.more[1])
            case "lately":
                lately = row.more
            case "spoken":
                spoken[row.author].append(Spoken(row.at, row.fold))
            case "ban":
                bans[row.author] = row.at
            case "fold":
                folds[row.fold] = LineId(row.id)
            case "moderator":
                moderators.add(UserId(row.id))
    market_words = {market: frozenset(found) for market, found in of_markets.items()}
    return Room(speaking, bans, frozenset(moderators), frozenset(words), spoken, folds, lately, market_words)

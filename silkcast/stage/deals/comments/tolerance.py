# SPDX-License-Identifier: Apache-2.0
"""Words that no grammar knows: where a comment may have some and still be an order.

Nobody can list all that people call one another or cry out. So one clause that names and counts nothing may
hold anything, if another orders something (`omg so soft, I'll take two`); and one strange word may open or
close an order that has a verb, and a code or a count (`ooh grab me two`). Not behind a number or a verb: `two
photos` are no units, and `A12 mine broke` is a complaint.
"""

from __future__ import annotations

from collections.abc import Iterable

from .drafts import COUNTS, NAMES
from .tokens import Token

CONTENT = NAMES | COUNTS
VERBS = frozenset({"claim", "want", "plus"})
SURE = frozenset({"code", "units", "number", "plus"})


def understood(tokens: Iterable[Token], *, bearing: Iterable[str]) -> list[Token]:
    """The tokens without the clause, if it is one, of unknown words and nothing that bears on an order."""
    clauses: list[list[Token]] = [[]]
    for token in tokens:
        clauses[-1].append(token)
        if token.kind == "stop":
            clauses.append([])
    idle = [clause for clause in clauses if _is_idle(clause, frozenset(bearing))]
    return [token for clause in clauses if len(idle) > 1 or clause not in idle for token in clause]


def _is_idle(clause: list[Token], bearing: frozenset[str]) -> bool:
    kinds = {token.kind for token in clause}
    return "unknown" in kinds and kinds.isdisjoint(bearing)


def within(tokens: list[Token]) -> list[Token]:
    """The tokens without one unknown word at either end, if the rest is sure enough."""
    kinds = {token.kind for token in tokens}
    said = [at for at, token in enumerate(tokens) if token.kind != "stop"]
    strange = [at for at in said if tokens[at].kind == "unknown"]
    if len(strange) != 1 or kinds.isdisjoint(VERBS) or kinds.isdisjoint(SURE):
        return tokens
    at = strange[0]
    is_end = at == said[-1] and tokens[at - 1].kind not in COUNTS | VERBS
    return tokens[:at] + tokens[at + 1 :] if at == said[0] or is_end else tokens

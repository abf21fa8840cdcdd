# SPDX-License-Identifier: Apache-2.0
"""What a test reads in somebody's place: the code that is on its way to them."""

from __future__ import annotations

from silkcast.plumbing.db import Db
from silkcast.who.identity import codes, rules, store
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import Purpose


async def code_of(db: Db, contact: str, purpose: Purpose = "login") -> str:
    """The last code of a contact; empty where there is none that counts."""
    row = await store.code(db, codes.index_of(db, rules.contact(contact)), purpose)
    made = await identity.code_to_send(db, row.sending) if row else None
    return made.code if made else ""


def wrong_for(code: str) -> str:
    return "000000" if code != "000000" else "111111"

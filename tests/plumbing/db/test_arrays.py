# SPDX-License-Identifier: Apache-2.0
"""Arrays written as text, and the driver's UUIDs, are what PostgreSQL and everybody else takes them for."""

from __future__ import annotations

import os
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import text

from silkcast.plumbing.db import Database, array_of, swift_uuid


async def test_an_array_as_text_is_the_same_array(database: Database) -> None:
    ids = [uuid4(), None, swift_uuid(os.urandom(16))]
    numbers = [-1, 0, 2**62, None]

    async with database.read() as db:
        await db.session.execute(text("SELECT 1"))
        rows = await db.fetch(
            "SELECT $1::text::uuid[], $2::text::bigint[], $3::text::uuid[]",
            array_of(ids),
            array_of(numbers),
            array_of([]),
        )

    assert tuple(rows[0]) == (ids, numbers, [])


def test_a_swift_uuid_is_a_uuid_like_any_other() -> None:
    octets = os.urandom(16)
    swift, plain = swift_uuid(octets), UUID(bytes=octets)

    assert isinstance(swift, UUID)
    assert (swift, hash(swift), str(swift), swift.hex) == (plain, hash(plain), str(plain), plain.hex)
    assert {plain: 1}[swift] == 1
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(swift), type=UUID) == plain

# SPDX-License-Identifier: Apache-2.0
"""Ids are of version 7, in the order they were made to the millisecond, and never the same twice."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

from silkcast.ground.ids import new_octets, new_uuid, uuid_of


def test_a_new_uuid_is_of_version_7_and_begins_with_its_time() -> None:
    before = time.time_ns() // 1_000_000
    made = [new_uuid(), UUID(bytes=new_octets())]
    after = time.time_ns() // 1_000_000

    assert all((one.version, one.variant) == (7, RFC_4122) for one in made)
    assert all(before <= one.int >> 80 <= after for one in made)


def test_no_two_are_the_same_whichever_thread_makes_them() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = pool.map(lambda _: [new_uuid() for _ in range(5_000)], range(4))
    ids = [one.int & 2**62 - 1 for some in made for one in some]  # without the time: chance alone

    assert len(set(ids)) == len(ids) == 20_000


def test_a_child_draws_chance_of_its_own() -> None:
    new_uuid()  # some is drawn already
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.write(write, new_octets())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(read, 16)
    os.close(read)
    os.close(write)

    assert theirs[-8:] != new_octets()[-8:]


def test_a_uuid_made_quickly_is_like_any_other() -> None:
    plain = UUID("01a21531-93c3-7012-a116-6b7dacfa171a")

    made = uuid_of(plain.int)

    assert (made, hash(made), str(made), made.is_safe) == (plain, hash(plain), str(plain), plain.is_safe)

# SPDX-License-Identifier: Apache-2.0
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from silkcast.ground.ids import new_uuid
from silkcast.plumbing.db import Tx
from silkcast.watch.audit import service as audit


async def test_what_was_done_is_found_by_its_object(tx: Tx) -> None:
    seller = new_uuid()
    await audit.record(tx, "seller.suspended", "seller", seller, why="papers")
    await audit.record(tx, "job.dropped", "job", 7, why="twice")

    found = await audit.entries(tx, object_id=str(seller))

    assert [(entry.verb, entry.facts) for entry in found] == [("seller.suspended", {"why": "papers"})]
    assert len(await audit.entries(tx, verb="job.")) == 1


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM audit.entries", "UPDATE audit.entries SET verb = 'x'", "TRUNCATE audit.entries"],
)
async def test_nobody_changes_what_was_written(tx: Tx, change: str) -> None:
    await audit.record(tx, "job.dropped", "job", 7)

    with pytest.raises(IntegrityError, match="only ever added to"):
        async with tx.session.begin_nested():
            await tx.session.execute(text(change))

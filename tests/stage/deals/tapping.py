# SPDX-License-Identifier: Apache-2.0
"""A process of its own that claims for a market as fast as it is answered, until it is told `closed`.

It prints `going` after its first claim, and in the end how many it was granted. It knows nothing of closed
markets but what the database says.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import DealId, OrderId, TermsId, new_salt, new_uuid
from silkcast.plumbing.db import Database
from silkcast.stage.deals.committer import Committer
from silkcast.stage.deals.values import LaneId, Want, claim_key
from tests.conftest import NOON, VAULT


async def tap(url: str, lane: LaneId, market: str, seconds: float) -> None:
    clock = SetClock(NOON)
    clock.at += timedelta(seconds=seconds)
    database = Database(url, VAULT, clock=clock, pool_size=3)
    committer = Committer(database)
    work = asyncio.create_task(committer.run())
    granted = 0
    try:
        while True:
            buyers = [new_uuid() for _ in range(10)]
            keys = [claim_key(DealId(new_uuid()), buyer, new_salt()) for buyer in buyers]
            wants = [
                Want(lane, key, buyer, 1, TermsId(new_uuid()), OrderId(new_uuid()), market)
                for key, buyer in zip(keys, buyers, strict=True)
            ]
            answers = await asyncio.gather(*(committer.ask(want) for want in wants))
            told = [answer.outcome for answer in answers if answer is not None]
            if not granted:
                print("going", flush=True)
            granted += told.count("granted")
            if "closed" in told:
                break
    finally:
        work.cancel()
        await database.close()
    print(granted, flush=True)


if __name__ == "__main__":
    asyncio.run(tap(sys.argv[1], LaneId(int(sys.argv[2])), sys.argv[3], float(sys.argv[4])))

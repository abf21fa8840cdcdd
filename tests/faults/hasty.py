# SPDX-License-Identifier: Apache-2.0
"""`silkcast serve` with its guard off: buyers are told before the commit. The checker must find it out."""

from __future__ import annotations

from collections.abc import Sequence

from silkcast.faces.cli import main
from silkcast.stage.deals import service
from silkcast.stage.deals.committer import Committer, Tell
from silkcast.stage.deals.values import Want


async def commit_later(self: Committer, batch: Sequence[tuple[Want, Tell]]) -> None:
    async with self._database.write() as tx:
        answers = await service.claim_many(tx, [want for want, _ in batch])
        for (_, tell), answer in zip(batch, answers, strict=True):
            tell(answer)


if __name__ == "__main__":
    Committer._commit = commit_later  # type: ignore[method-assign]
    main(["serve"], obj=None)

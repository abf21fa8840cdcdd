# SPDX-License-Identifier: Apache-2.0
from silkcast.plumbing.db import Tx
from silkcast.watch.notices import service as notices
from silkcast.watch.notices.events import NoticeQueued

FACTS = {"code": "123456", "minutes": "10"}


async def test_a_notice_is_queued_once_and_sealed(tx: Tx) -> None:
    for _ in range(2):
        await notices.queue(
            tx, "code", to="mei@kiln.test", language="fr", facts=FACTS, about=None, key="code/1"
        )

    queued = [event for event in tx.announced if isinstance(event, NoticeQueued)]
    assert len(queued) == 1
    letter = await notices.letter(tx, queued[0].notice)
    assert letter is not None
    assert letter.subject == "123456 est votre code Silkcast"
    await notices.note_sent(tx, queued[0].notice)
    assert await notices.letter(tx, queued[0].notice) is None

# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import pytest

from silkcast.ground.ids import ProductId, SellerId, new_uuid
from silkcast.ground.language import Words
from silkcast.plumbing.db import Tx
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import AnotherIsLive, KeyRefused, NoSuchShow, NotInRun, WrongState
from silkcast.stage.rooms.events import ProductPinned, ProductUnpinned, ShowEnded
from silkcast.stage.rooms.values import NewShow, Replay, Show
from tests.who.sellers.build import open_shop

CUP, BOWL = ProductId(new_uuid()), ProductId(new_uuid())


async def planned(tx: Tx, seller: SellerId) -> Show:
    plan = NewShow(Words({"en": "Evening tea", "zh": "今晚茶会"}), tx.now + timedelta(hours=1), (CUP, BOWL))
    return await rooms.plan_show(tx, seller, plan)


async def test_a_show_from_plan_to_replay(tx: Tx) -> None:
    seller = (await open_shop(tx)).id
    show = await planned(tx, seller)

    await rooms.start(tx, show.id, seller)
    await rooms.pin(tx, show.id, seller, CUP)
    await rooms.pin(tx, show.id, seller, BOWL)
    await rooms.end(tx, show.id, seller)
    await rooms.keep_replay(tx, show.id, Replay("shows/x/replay.mp4", 600))

    after = await rooms.by_slug(tx, show.slug)
    assert (after.state, after.replay) == ("ended", Replay("shows/x/replay.mp4", 600))
    assert [pin.product for pin in await rooms.pins(tx, show.id)] == [CUP, BOWL]
    assert await rooms.pinned(tx, show.id) is None
    told = [event for event in tx.announced if isinstance(event, ProductPinned | ProductUnpinned | ShowEnded)]
    assert [type(event) for event in told] == [
        ProductPinned,
        ProductUnpinned,
        ProductPinned,
        ProductUnpinned,
        ShowEnded,
    ]


async def test_only_what_is_in_the_run_is_pinned_and_only_while_live(tx: Tx) -> None:
    seller = (await open_shop(tx)).id
    show = await planned(tx, seller)

    with pytest.raises(WrongState):
        await rooms.pin(tx, show.id, seller, CUP)
    await rooms.start(tx, show.id, seller)
    with pytest.raises(NotInRun):
        await rooms.pin(tx, show.id, seller, ProductId(new_uuid()))


async def test_pinning_the_pinned_one_again_changes_nothing(tx: Tx) -> None:
    seller = (await open_shop(tx)).id
    show = await planned(tx, seller)
    await rooms.start(tx, show.id, seller)

    first = await rooms.pin(tx, show.id, seller, CUP)

    assert await rooms.pin(tx, show.id, seller, CUP) == first
    assert len(await rooms.pins(tx, show.id)) == 1


async def test_a_seller_has_one_show_on_air(tx: Tx) -> None:
    seller = (await open_shop(tx)).id
    first, second = await planned(tx, seller), await planned(tx, seller)
    await rooms.start(tx, first.id, seller)

    with pytest.raises(AnotherIsLive):
        async with tx.session.begin_nested():
            await rooms.start(tx, second.id, seller)


async def test_the_key_opens_one_show_until_it_is_renewed_or_over(tx: Tx) -> None:
    seller = (await open_shop(tx)).id
    show = await planned(tx, seller)
    key = await rooms.stream_key(tx, show.id, seller)

    assert (await rooms.admit(tx, key)).id == show.id
    new = await rooms.renew_key(tx, show.id, seller)
    with pytest.raises(KeyRefused):
        await rooms.admit(tx, key)
    await rooms.end(tx, show.id, seller)
    with pytest.raises(KeyRefused):
        await rooms.admit(tx, new)


async def test_another_sellers_show_and_key_are_not_found(tx: Tx) -> None:
    seller, other = (await open_shop(tx)).id, SellerId(new_uuid())
    show = await planned(tx, seller)

    for question in (
        rooms.stream_key(tx, show.id, other),
        rooms.start(tx, show.id, other),
        rooms.end(tx, show.id, other),
        rooms.the_show(tx, show.id, seller=other),
    ):
        with pytest.raises(NoSuchShow):
            await question


async def test_likes_add_up_and_the_peak_stays(tx: Tx) -> None:
    seller = (await open_shop(tx)).id
    show = await planned(tx, seller)

    await rooms.count(tx, show.id, likes=5, viewers=40)
    assert await rooms.count(tx, show.id, likes=2, viewers=12) == 7
    assert (await rooms.the_show(tx, show.id)).peak_viewers == 40

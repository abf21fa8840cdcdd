# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import BanId, LineId, ModeratorId, SellerId, ShowId, UserId, new_uuid
from silkcast.plumbing.db import Database, Tx
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.errors import (
    BadSpeaking,
    Banned,
    NoRights,
    NoSuchBan,
    NoSuchLine,
    NoSuchModerator,
    NotAViewer,
    SlowMode,
    TooFast,
    TooManyWords,
)
from silkcast.stage.chat.events import LineHidden, LinePinned
from silkcast.stage.chat.rules import blocked
from silkcast.stage.chat.values import Author, Line, Saying, Speaking

SHOW = ShowId(new_uuid())
OTHER = ShowId(new_uuid())
SHOP = SellerId(new_uuid())
CAMILLE = Author("viewer", "camille-key", "Camille")
JORDAN = Author("viewer", "jordan-key", "Jordan")
MEI = Author("host", "mei-key", "Qinghe Kiln")


async def say(tx: Tx, author: Author, text: str, language: str = "en", show: ShowId = SHOW) -> Line:
    return await chat.say(tx, show, SHOP, Saying(author, text, language))


def later(tx: Tx, **how: int) -> None:
    tx.now += timedelta(**how)


async def test_what_is_said_is_shown_in_order(tx: Tx) -> None:
    await say(tx, CAMILLE, "Does the lid stay on?", "fr")
    await say(tx, MEI, "看 https://example.test", "zh")

    lines = await chat.recent(tx, SHOW)

    assert [(line.name, line.language, line.state) for line in lines] == [
        ("Camille", "fr", "shown"),
        ("Qinghe Kiln", "zh", "shown"),
    ]
    assert lines[0].number < lines[1].number


async def test_a_link_is_held_until_the_host_lets_it_through_as_the_newest(tx: Tx) -> None:
    line = await say(tx, CAMILLE, "cheaper at bad.shop")
    await say(tx, JORDAN, "good evening")

    assert [one.held_for for one in await chat.held(tx, SHOW)] == ["link"]
    await chat.show_line(tx, SHOW, line.id)

    assert [one.text for one in await chat.seen(tx, SHOW)] == ["good evening", "cheaper at bad.shop"]
    assert await chat.held(tx, SHOW) == ()


async def test_a_hidden_line_keeps_its_place_and_comes_back_to_it(tx: Tx) -> None:
    first = await say(tx, CAMILLE, "first")
    await say(tx, JORDAN, "second")

    await chat.hide(tx, SHOW, first.id)

    there = (await chat.seen(tx, SHOW))[0]
    assert (there.state, there.number) == ("hidden", first.number)
    assert [one.text for one in await chat.recent(tx, SHOW)] == ["second"]
    await chat.show_line(tx, SHOW, first.id)
    assert [one.text for one in await chat.recent(tx, SHOW)] == ["first", "second"]


async def test_a_line_never_shown_is_nobodys_after_it_was_hidden(tx: Tx) -> None:
    line = await say(tx, CAMILLE, "cheaper at bad.shop")

    await chat.hide(tx, SHOW, line.id)

    assert await chat.seen(tx, SHOW) == ()


async def test_the_same_of_many_counts_voices(tx: Tx) -> None:
    line = await say(tx, CAMILLE, "+1")
    for number in range(13):
        again = await say(tx, Author("viewer", f"key {number}", f"V{number}"), "＋1")
        assert (again.state, again.into) == ("folded", line.id)

    assert [(one.text, one.voices) for one in await chat.seen(tx, SHOW)] == [("+1", 14)]
    later(tx, seconds=9)
    assert (await say(tx, JORDAN, "+1")).state == "shown"


async def test_nobody_is_faster_than_the_pace_but_the_host(tx: Tx) -> None:
    for number in range(5):
        await say(tx, CAMILLE, f"mine {number}")
        await say(tx, MEI, f"yes {number}")

    with pytest.raises(TooFast):
        await say(tx, CAMILLE, "mine")
    await say(tx, MEI, "yes")


async def test_slow_mode_is_a_lines_distance(tx: Tx) -> None:
    await chat.allow(tx, SHOW, Speaking(slow_seconds=60))
    await say(tx, CAMILLE, "one")
    later(tx, seconds=45)  # further back than the pace looks

    with pytest.raises(SlowMode) as refusal:
        await say(tx, CAMILLE, "two")

    assert refusal.value.retry_seconds == 15
    later(tx, seconds=15)
    assert (await say(tx, CAMILLE, "two")).state == "shown"


@pytest.mark.parametrize("wanted", [Speaking(slow_seconds=-1), Speaking(slow_seconds=601)])
async def test_a_room_cannot_be_slower_than_ten_minutes(tx: Tx, wanted: Speaking) -> None:
    with pytest.raises(BadSpeaking):
        await chat.allow(tx, SHOW, wanted)
    assert await chat.speaking(tx, SHOW) == Speaking()


async def test_who_is_banned_is_told_and_what_they_said_is_gone(tx: Tx) -> None:
    await say(tx, CAMILLE, "first")
    line = await say(tx, CAMILLE, "second")
    await say(tx, JORDAN, "hello")

    ban = await chat.ban(tx, SHOW, SHOP, line.id, length="short", reason="  rude  ")

    with pytest.raises(Banned) as refusal:
        await say(tx, CAMILLE, "third")
    assert refusal.value.until == ban.until == tx.now + timedelta(minutes=10)
    assert (ban.name, ban.reason) == ("Camille", "rude")
    assert [one.text for one in await chat.recent(tx, SHOW)] == ["hello"]
    assert len([event for event in tx.announced if isinstance(event, LineHidden)]) == 2
    later(tx, minutes=10)
    assert await chat.bans(tx, SHOW, SHOP) == ()
    assert (await say(tx, CAMILLE, "fourth")).state == "shown"


async def test_a_ban_of_the_shop_holds_in_its_other_shows_until_it_is_lifted(tx: Tx) -> None:
    line = await say(tx, CAMILLE, "first")
    ban = await chat.ban(tx, SHOW, SHOP, line.id, length="shop")

    with pytest.raises(Banned) as refusal:
        await say(tx, CAMILLE, "again", show=OTHER)
    assert refusal.value.until is None
    with pytest.raises(NoSuchBan):
        await chat.lift_ban(tx, SHOW, SellerId(new_uuid()), ban.id)
    with pytest.raises(NoSuchBan):
        await chat.lift_ban(tx, SHOW, SHOP, ban.id, of_shop=False)
    await chat.lift_ban(tx, SHOW, SHOP, ban.id)
    with pytest.raises(NoSuchBan):
        await chat.lift_ban(tx, SHOW, SHOP, ban.id)
    assert (await say(tx, CAMILLE, "again", show=OTHER)).state == "shown"


async def test_a_ban_of_one_show_ends_with_it(tx: Tx) -> None:
    line = await say(tx, CAMILLE, "first")
    await chat.ban(tx, SHOW, SHOP, line.id, length="show")

    assert (await say(tx, CAMILLE, "elsewhere", show=OTHER)).state == "shown"
    with pytest.raises(Banned):
        await say(tx, CAMILLE, "again")


async def test_a_shops_ban_is_not_for_who_keeps_one_show(tx: Tx) -> None:
    line = await say(tx, CAMILLE, "first")

    with pytest.raises(NoSuchModerator):
        await chat.ban(tx, SHOW, SHOP, line.id, length="shop", of_shop=False)
    assert await chat.bans(tx, SHOW, SHOP) == ()


async def test_the_host_is_not_banned(tx: Tx) -> None:
    line = await say(tx, MEI, "welcome")

    with pytest.raises(NotAViewer):
        await chat.ban(tx, SHOW, SHOP, line.id, length="show")
    with pytest.raises(NoSuchLine):
        await chat.ban(tx, OTHER, SHOP, line.id, length="show")


async def test_one_line_is_pinned_until_it_is_hidden(tx: Tx) -> None:
    first, second = await say(tx, CAMILLE, "first"), await say(tx, MEI, "ships tomorrow")
    held = await say(tx, JORDAN, "call 138 0013 8000")

    with pytest.raises(NoSuchLine):
        await chat.pin_line(tx, SHOW, held.id)
    await chat.pin_line(tx, SHOW, first.id)
    await chat.pin_line(tx, SHOW, second.id)
    pinned = await chat.pinned_line(tx, SHOW)
    assert pinned is not None
    assert pinned.text == "ships tomorrow"
    await chat.hide(tx, SHOW, second.id)

    assert await chat.pinned_line(tx, SHOW) is None
    assert [event.line for event in tx.announced if isinstance(event, LinePinned)][-1] is None


async def test_a_line_of_another_show_cannot_be_touched_from_here(tx: Tx) -> None:
    line = await say(tx, CAMILLE, "hello")

    for verb in (chat.hide, chat.show_line, chat.pin_line):
        with pytest.raises(NoSuchLine):
            await verb(tx, OTHER, line.id)
        with pytest.raises(NoSuchLine):
            await verb(tx, SHOW, LineId(new_uuid()))
    assert len(await chat.recent(tx, SHOW)) == 1


async def test_a_name_is_erased_from_all_that_one_viewer_said_and_from_nothing_else(tx: Tx) -> None:
    await say(tx, CAMILLE, "Does the lid stay on?", "fr")
    await say(tx, MEI, "It does")

    await chat.erase_name(tx, CAMILLE.key)
    await chat.erase_name(tx, MEI.key)

    lines = [(line.name, line.text) for line in await chat.recent(tx, SHOW)]
    assert lines == [("–", "Does the lid stay on?"), ("Qinghe Kiln", "It does")]


async def test_a_shop_adds_words_of_its_own(tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocked, "MOST_WORDS", 2)
    await chat.add_word(tx, SHOP, "  knock   off ")
    await chat.add_word(tx, SHOP, "山寨")

    assert (await say(tx, CAMILLE, "a KNOCK off")).held_for == "word"
    assert (await say(tx, CAMILLE, "这是山寨货")).held_for == "word"
    assert set(await chat.words(tx, SHOP)) == {"knock off", "山寨"}
    with pytest.raises(TooManyWords):
        await chat.add_word(tx, SHOP, "one more")
    await chat.remove_word(tx, SHOP, "山寨")
    assert (await say(tx, JORDAN, "这是山寨货")).state == "shown"
    assert await chat.words(tx, SellerId(new_uuid())) == ()


async def test_a_moderator_is_who_opened_the_link_first(tx: Tx) -> None:
    user, other = UserId(new_uuid()), UserId(new_uuid())
    named = await chat.name_moderator(tx, SHOP, SHOW, name="Zoé", rights=("hide", "pin"))

    assert (await chat.invitation(tx, named.secret)).name == "Zoé"
    await chat.accept(tx, named.secret, user)
    with pytest.raises(NoSuchModerator):
        await chat.accept(tx, named.secret, other)

    assert await chat.may(tx, user, SHOP, SHOW, "hide") == {"hide", "pin"}
    for right, show, who, shop in (
        ("ban", SHOW, user, SHOP),
        ("hide", OTHER, user, SHOP),
        ("hide", SHOW, other, SHOP),
        ("hide", SHOW, user, SellerId(new_uuid())),
    ):
        with pytest.raises(NoSuchModerator):
            await chat.may(tx, who, shop, show, right)  # type: ignore[arg-type]
    with pytest.raises(NoSuchModerator):
        await chat.dismiss(tx, SellerId(new_uuid()), named.moderator.id)
    await chat.dismiss(tx, SHOP, named.moderator.id)
    assert await chat.rights_of(tx, user, SHOP, SHOW) == frozenset()


async def test_a_link_is_over_after_a_week_and_rights_are_known_ones(tx: Tx) -> None:
    named = await chat.name_moderator(tx, SHOP, None, name="Zoé", rights=("hide",))
    later(tx, days=7)

    with pytest.raises(NoSuchModerator):
        await chat.accept(tx, named.secret, UserId(new_uuid()))
    for rights in ((), ("money",), ("hide", "stock")):
        with pytest.raises(NoRights):
            await chat.name_moderator(tx, SHOP, None, name="Zoé", rights=rights)
    with pytest.raises(NoSuchModerator):
        await chat.dismiss(tx, SHOP, ModeratorId(new_uuid()))
    with pytest.raises(NoSuchBan):
        await chat.lift_ban(tx, SHOW, SHOP, BanId(new_uuid()))


async def test_a_moderator_speaks_as_one_and_is_not_banned(tx: Tx) -> None:
    user = UserId(new_uuid())
    named = await chat.name_moderator(tx, SHOP, None, name="Zoé", rights=("hide",))
    await chat.accept(tx, named.secret, user)
    await chat.allow(tx, SHOW, Speaking(who="nobody"))

    line = await say(tx, Author("viewer", str(user), "Zoé", user), "see example.com")

    assert (line.kind, line.state) == ("moderator", "shown")
    with pytest.raises(NotAViewer):
        await chat.ban(tx, SHOW, SHOP, line.id, length="show")


async def test_two_who_write_at_once_get_numbers_in_the_order_of_their_commits(
    database: Database, clock: SetClock
) -> None:
    """The one that takes the room's lock second commits second, and has the later numbers."""
    order: list[int] = []

    async def write(start: int) -> None:
        async with database.write() as tx:
            sayings = [
                Saying(Author("viewer", f"{start}-{n}", "V"), f"text {start} {n}", "en") for n in range(5)
            ]
            said = await chat.say_many(tx, SHOW, SHOP, sayings)
            await asyncio.sleep(0.05)
            order.extend(line.number for line in said if isinstance(line, Line))

    await asyncio.gather(*(write(start) for start in range(3)))

    assert len(order) == 15
    assert order == sorted(order)
    async with database.read() as db:
        assert [line.number for line in await chat.seen(db, SHOW)] == order

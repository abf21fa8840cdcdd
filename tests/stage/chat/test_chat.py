# SPDX-License-Identifier: Apache-2.0
import pytest

from silkcast.ground.ids import ShowId, new_uuid
from silkcast.plumbing.db import Tx
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.errors import NoSuchLine, TooFast
from silkcast.stage.chat.values import Author

SHOW = ShowId(new_uuid())
CAMILLE = Author("viewer", "camille-key", "Camille")
MEI = Author("host", "mei-key", "Qinghe Kiln")


async def test_what_is_said_is_shown_in_order(tx: Tx) -> None:
    await chat.say(tx, SHOW, CAMILLE, "Does the lid stay on?", language="fr")
    await chat.say(tx, SHOW, MEI, "看 https://example.test", language="zh")

    lines = await chat.recent(tx, SHOW)

    assert [(line.name, line.language, line.state) for line in lines] == [
        ("Camille", "fr", "shown"),
        ("Qinghe Kiln", "zh", "shown"),
    ]


async def test_a_link_is_held_until_the_host_lets_it_through(tx: Tx) -> None:
    line = await chat.say(tx, SHOW, CAMILLE, "cheaper at bad.shop", language="en")

    assert await chat.recent(tx, SHOW) == ()
    assert [held.held_for for held in await chat.held(tx, SHOW)] == ["link"]
    await chat.let_through(tx, SHOW, line.id)
    assert len(await chat.recent(tx, SHOW)) == 1


async def test_who_is_muted_is_held_and_the_line_is_gone(tx: Tx) -> None:
    line = await chat.say(tx, SHOW, CAMILLE, "first", language="en")
    await chat.mute(tx, SHOW, line.id)

    again = await chat.say(tx, SHOW, CAMILLE, "second", language="en")

    assert (again.state, again.held_for) == ("held", "muted")
    assert await chat.recent(tx, SHOW) == ()


async def test_nobody_is_faster_than_the_pace_but_the_host(tx: Tx) -> None:
    for number in range(5):
        await chat.say(tx, SHOW, CAMILLE, f"mine {number}", language="en")
        await chat.say(tx, SHOW, MEI, f"yes {number}", language="en")

    with pytest.raises(TooFast):
        await chat.say(tx, SHOW, CAMILLE, "mine", language="en")
    await chat.say(tx, SHOW, MEI, "yes", language="en")


async def test_a_line_of_another_show_cannot_be_hidden_from_here(tx: Tx) -> None:
    line = await chat.say(tx, SHOW, CAMILLE, "hello", language="en")

    with pytest.raises(NoSuchLine):
        await chat.hide(tx, ShowId(new_uuid()), line.id)
    assert len(await chat.recent(tx, SHOW)) == 1


async def test_a_name_is_erased_from_all_that_one_viewer_said_and_from_nothing_else(tx: Tx) -> None:
    await chat.say(tx, SHOW, CAMILLE, "Does the lid stay on?", language="fr")
    await chat.say(tx, SHOW, MEI, "It does", language="en")

    await chat.erase_name(tx, CAMILLE.key)
    await chat.erase_name(tx, MEI.key)

    lines = [(line.name, line.text) for line in await chat.recent(tx, SHOW)]
    assert lines == [("–", "Does the lid stay on?"), ("Qinghe Kiln", "It does")]

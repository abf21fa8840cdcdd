# SPDX-License-Identifier: Apache-2.0
"""A seller goes live from the browser's own camera: preview, on air, seen, the end, the replay."""

from __future__ import annotations

from typing import Any

import pytest

from tests.story.watching import Story, person, plays, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.video,
    pytest.mark.timeout(300),
]
HOST, RIVAL = "luming@silkcast.example", "pinecone@silkcast.example"
STATUS = "sc-camera [data-status]"
PREVIEW = "() => document.querySelector('[data-preview]').videoWidth"
RECORDS = """
(path) => new Promise((done) => {
  const socket = new WebSocket(`ws://${location.host}${path}/camera`)
  socket.onclose = (event) => done([event.code, event.reason])
})
"""


def test_from_the_camera_to_the_replay(story: Story, chromium: Any) -> None:
    seller = person(chromium, story, "en-GB", wide=True, contact=HOST)
    allow(seller, story)
    show = planned(seller, story)
    room = open_the_desk(seller, story, show)
    seller.locator("[data-start]").click()
    until(lambda: "On air" in seller.locator(STATUS).inner_text(), 20, "the camera is on air")
    seller.locator("[data-part=film] sc-player").wait_for()  # the seller sees what viewers will see
    seller.get_by_role("button", name="Start the show").click()
    seller.get_by_text("LIVE", exact=True).wait_for()
    assert "On air" in seller.locator(STATUS).inner_text(), "starting the show did not end the camera"
    viewer = person(chromium, story, "fr-FR")
    viewer.goto(story.origin + room)
    plays(viewer)
    another_camera(seller)
    plays(viewer)
    seller.locator("[data-part=health]").get_by_text("1280 × 720").wait_for()
    seller.locator("[data-stop]").click()
    until(lambda: "Not on air" in seller.locator(STATUS).inner_text(), 10, "the camera has stopped")
    end(seller)
    replays(seller, viewer, story, show, room)
    assert seller.faults == viewer.faults == []
    assert seller.evaluate(RECORDS, show)[0] == 4409, "a show that is over takes no camera"


def planned(seller: Any, story: Story) -> str:
    """The first show that the seller has planned."""
    seller.goto(f"{story.origin}/studio/shows")
    return str(seller.locator("a.show-card:not([href$='/live'])").first.get_attribute("href"))


def open_the_desk(seller: Any, story: Story, show: str) -> str:
    """The live desk with the preview, by the studio's own links; the address of the room."""
    seller.goto(story.origin + show)
    room = str(seller.locator("a[href^='/room/']").first.get_attribute("href"))
    seller.get_by_role("link", name="This browser's camera").click()
    until(lambda: seller.evaluate(PREVIEW) > 0, 20, "the preview shows a picture")
    assert seller.locator("[data-choose] option").count() == 2
    assert seller.locator("[data-part=film] sc-player").count() == 0, "nothing has left the browser yet"
    return room


def another_camera(seller: Any) -> None:
    """The seller takes the other camera, while on air."""
    other = seller.locator("[data-choose] option:not(:checked)").get_attribute("value")
    seller.locator("[data-choose]").select_option(other)
    until(lambda: "On air" in seller.locator(STATUS).inner_text(), 20, "on air with the other camera")


def end(seller: Any) -> None:
    seller.locator("details.ask summary").click()
    seller.get_by_role("button", name="End it now").click()
    seller.wait_for_url(lambda address: not address.endswith("/live"))


def replays(seller: Any, viewer: Any, story: Story, show: str, room: str) -> None:
    """The replay is kept, in the studio and in the room, and it plays."""

    def is_there() -> bool:
        seller.goto(story.origin + show)
        return bool(seller.locator("sc-player.replay").count())

    until(is_there, 60, "the replay is kept")
    viewer.goto(story.origin + room)
    length = "() => document.querySelector('video').duration"
    until(lambda: (viewer.evaluate(length) or 0) > 3, 30, "the replay has a length")


def test_who_may_not_send_is_turned_away(story: Story, chromium: Any) -> None:
    host = person(chromium, story, "en-GB", wide=True, contact=HOST)
    show = planned(host, story)
    rival = person(chromium, story, "en-GB", wide=True, contact=RIVAL)
    assert rival.goto(f"{story.origin}{show}/live").status == 404
    rival.goto(f"{story.origin}/studio")
    assert rival.evaluate(RECORDS, show)[0] == 4404
    stranger = person(chromium, story, "en-GB")
    stranger.goto(story.origin)
    assert stranger.evaluate(RECORDS, show)[0] == 4401


def test_a_camera_that_may_not_be_used_is_told_clearly_and_tried_again(story: Story, chromium: Any) -> None:
    seller = person(chromium, story, "fr-FR", wide=True, contact=HOST)
    show = planned(seller, story)
    seller.goto(f"{story.origin}{show}/live#camera")
    told = "Le navigateur n’a pas accès à la caméra. Autorisez-le dans la barre d’adresse."
    until(lambda: seller.locator(STATUS).inner_text() == told, 20, "the refusal is told")
    assert seller.evaluate(PREVIEW) == 0
    allow(seller, story)
    seller.locator("[data-start]").click()
    until(lambda: seller.evaluate(PREVIEW) > 0, 20, "the preview comes once it is allowed")
    seller.locator("[data-stop]").click()
    assert seller.faults == []


def allow(seller: Any, story: Story) -> None:
    """The browser asks whether this site may use camera and microphone, and the person says yes."""
    seller.context.grant_permissions(["camera", "microphone"], origin=story.origin)

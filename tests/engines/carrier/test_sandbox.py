# SPDX-License-Identifier: Apache-2.0
"""The sandbox carrier, run as the program it is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pypdfium2
import pytest
import zxingcpp

from silkcast.engines.carrier.sandbox import ENGINE, Sandbox, SandboxSettings
from silkcast.engines.counterpart.signing import HEADER, sign
from silkcast.ground.money import Money
from silkcast.plumbing.settings import Secret
from silkcast.trade.shipping import rules
from silkcast.trade.shipping.errors import BadSignature, CarrierSilent
from silkcast.trade.shipping.port import Carrier
from silkcast.trade.shipping.values import TrackEvent
from tests.engines.carrier.contract import HOMES, CarrierContract, booking, key, until
from tests.engines.counterpart.running import Listener, running

MODULE = "silkcast.engines.carrier.provider"
SECRET = "s3cret"
OURS = Secret(SECRET)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[str]:
    with running(MODULE, tmp_path_factory.mktemp("carrier"), "--callback", listener.url) as url:
        yield url


def sandbox(url: str) -> Sandbox:
    return Sandbox(SandboxSettings(url, OURS, Secret("former")))


async def post(url: str, path: str, body: object) -> object:
    async with httpx.AsyncClient(base_url=url, headers={"authorization": f"Bearer {SECRET}"}) as client:
        return (await client.post(path, json=body)).raise_for_status().json()


class TestSandbox(CarrierContract):
    @pytest.fixture
    def carrier(self, address: str) -> Carrier:
        self.url = address
        return ENGINE.make(SandboxSettings(address, OURS, Secret("former")))

    async def carry(self, carrier: Carrier, tracking: str, *, steps: int) -> None:
        await carrier.track(tracking)
        await post(self.url, f"/sandbox/parcels/{tracking}/advance", {"steps": steps})

    def signed(self, body: bytes) -> Mapping[str, str]:
        return {HEADER: sign(SECRET, body, datetime.now(UTC))}


def news(listener: Listener, tracking: str) -> list[TrackEvent]:
    carrier = Sandbox(SandboxSettings(secret=OURS))
    read = [carrier.read_webhook(headers, body) for headers, body in listener.heard]
    return [event for one in read if one.tracking == tracking for event in one.events]


async def test_news_is_sent_again_until_it_is_taken(address: str, listener: Listener) -> None:
    listener.refuse = 2
    booked = await sandbox(address).book(booking(), key=key())
    await until(lambda: news(listener, booked.tracking))
    assert [event.step for event in news(listener, booked.tracking)] == ["accepted"]


async def test_a_journey_in_seconds_with_faults(tmp_path: Path, listener: Listener) -> None:
    options = ("--callback", listener.url, "--day-seconds", "0.15", "--faults", "doubled,disordered")
    with running(MODULE, tmp_path, *options) as url:
        cash = Money.of("99.00", "SAR")
        wanted = booking("SA", service="express_line", cod=cash)
        booked = await sandbox(url).book(wanted, key=key())
        tracked = booked.tracking
        await until(lambda: len(news(listener, tracked)) >= 22, seconds=15)
        told = news(listener, tracked)
        assert [event.at for event in told] != sorted(event.at for event in told), "in disorder"
        assert len({event.id for event in told}) == 11
        assert len(told) == 22, "and doubled"
        assert rules.state_of(told) == "delivered"
        assert set(await sandbox(url).track(tracked)) == set(told)


@pytest.mark.parametrize(
    ("word", "state"),
    [("LOST", "lost"), ("REFUSED", "returned"), ("ABSENT", "delivered"), ("LATE", "delivered")],
)
async def test_a_word_in_the_street_decides_how_it_ends(address: str, word: str, state: str) -> None:
    home = replace(HOMES["FR"], street=f"Sandbox-{word.lower()} 3")
    booked = await sandbox(address).book(booking(receiver=home), key=key())
    await sandbox(address).track(booked.tracking)
    await post(address, f"/sandbox/parcels/{booked.tracking}/advance", {"steps": 20})
    events = await sandbox(address).track(booked.tracking)
    assert rules.state_of(events) == state
    assert ("attempt_failed" in {event.step for event in events}) == (word in ("ABSENT", "REFUSED"))


async def test_what_was_booked_is_there_after_a_restart(tmp_path: Path) -> None:
    with running(MODULE, tmp_path) as url:
        wanted, one_key = booking(), key()
        booked = await sandbox(url).book(wanted, key=one_key)
    with running(MODULE, tmp_path) as url:
        assert await sandbox(url).book(wanted, key=one_key) == booked
        assert await sandbox(url).track(booked.tracking)


async def test_silence_is_told_apart_from_refusal() -> None:
    with pytest.raises(CarrierSilent):
        await sandbox("http://127.0.0.1:9").track("LX123456785CN")


async def test_a_wrong_secret_opens_nothing(address: str) -> None:
    with pytest.raises(CarrierSilent):
        await Sandbox(SandboxSettings(address, Secret("wrong"))).track("LX123456785CN")


def test_an_old_signature_is_refused_and_the_former_secret_is_taken() -> None:
    body, now = b'{"tracking": "L", "events": []}', datetime.now(UTC)
    carrier = Sandbox(SandboxSettings(secret=OURS, former_secret=Secret("former")))
    assert carrier.read_webhook({HEADER: sign("former", body, now)}, body)
    with pytest.raises(BadSignature):
        carrier.read_webhook({HEADER: sign(SECRET, body, now - timedelta(minutes=6))}, body)


@pytest.mark.parametrize("market", ["FR", "US", "SA", "SG"])
async def test_the_label_reads_back(address: str, market: str) -> None:
    cash = Money.of("99.00", "SAR") if market == "SA" else None
    booked = await sandbox(address).book(booking(market, cod=cash), key=key())
    (page,) = pypdfium2.PdfDocument(booked.label)
    assert [round(side / 72 * 25.4) for side in page.get_size()] == [100, 150]
    codes = zxingcpp.read_barcodes(page.render(scale=203 / 72).to_pil())  # 203 dots an inch, as printers do
    assert {(code.format.name, code.text) for code in codes} == {
        ("Code128", booked.tracking),
        ("QRCode", booked.tracking),
    }


async def test_time_passes_for_nobody_when_nothing_is_due(address: str) -> None:
    booked = await sandbox(address).book(booking(), key=key())
    await asyncio.sleep(0.3)
    assert [event.step for event in await sandbox(address).track(booked.tracking)] == ["accepted"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/rates", b"[", "body"),
        ("/v1/rates", b"[]", "body"),
        ("/v1/rates", b"{}", "grams"),
        ("/v1/rates", b'{"grams": true, "on": "2026-11-22"}', "grams"),
        ("/v1/rates", b'{"grams": 1, "on": "soon"}', "on"),
        ("/v1/rates", b'{"grams": 1, "on": "2026-11-22", "size": [1]}', "size"),
        ("/v1/parcels", b'{"sender": "me"}', "sender"),
        ("/v1/parcels", b'{"sender": {"country": "CN", "name": " "}}', "sender.name"),
        ("/sandbox/faults", b'{"eaten": true}', "eaten"),
    ],
)
async def test_nonsense_is_answered_with_the_field(address: str, path: str, body: bytes, field: str) -> None:
    headers = {"authorization": f"Bearer {SECRET}", "idempotency-key": "k"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        answered = await client.post(path, content=body)
    assert answered.status_code in (400, 422)
    assert answered.json()["field"] == field

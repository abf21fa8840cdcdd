# SPDX-License-Identifier: Apache-2.0
"""The sandbox customs, run as the program it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from silkcast.engines.counterpart.signing import HEADER, sign
from silkcast.engines.customs.sandbox import ENGINE, Sandbox, SandboxSettings
from silkcast.plumbing.db import Tx
from silkcast.plumbing.settings import Secret
from silkcast.trade.customs import service
from silkcast.trade.customs.errors import PortSilent
from silkcast.trade.customs.port import CustomsPort
from silkcast.trade.customs.values import Declaration
from tests.engines.carrier.contract import until
from tests.engines.counterpart.running import Listener, running
from tests.engines.customs.contract import CustomsContract, documents, new_facts
from tests.trade.customs import build

MODULE = "silkcast.engines.customs.port"
SECRET = "s3cret"
OURS = Secret(SECRET)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("customs")
    options = ("--callback", listener.url, "--delay", "0.2", "--faults", "doubled,disordered")
    with running(MODULE, folder, *options) as url:
        yield url


class TestSandbox(CustomsContract):
    @pytest.fixture
    def customs(self, address: str) -> CustomsPort:
        return ENGINE.make(SandboxSettings(address, OURS))

    def signed(self, body: bytes) -> Mapping[str, str]:
        return {HEADER: sign(SECRET, body, datetime.now(UTC))}


async def test_a_declaration_goes_all_the_way_by_callbacks(tx: Tx, address: str, listener: Listener) -> None:
    """Our messages, their program, their callbacks doubled and in disorder, our state."""
    port = Sandbox(SandboxSettings(address, OURS))
    declaration = await service.draft(tx, new_facts())
    for message in await service.unsent(tx, declaration.id):
        await port.send(message.xml, message.kind, key=message.guid)
        declaration = await service.note_sent(tx, declaration.id, message.guid)
    guids = {message.unit_guid for message in await service.messages(tx, declaration.order)}

    def told() -> list[object]:
        read = [receipt for heard in listener.heard for receipt in port.read_callback(*heard)]
        return [receipt for receipt in read if receipt.unit_guid in guids]

    await until(lambda: len(told()) >= 10)
    for receipt in told():
        declaration = await service.note_receipt(tx, receipt)  # type: ignore[arg-type]
    assert declaration.state == "released"
    assert len(declaration.receipts) == 5


async def test_refused_corrected_and_released(tx: Tx, address: str) -> None:
    port = Sandbox(SandboxSettings(address, OURS))

    async def send(given: Declaration) -> None:
        for message in await service.unsent(tx, given.id):
            await port.send(message.xml, message.kind, key=message.guid)
            await service.note_sent(tx, given.id, message.guid)

    async def reaches(given: Declaration, state: str) -> None:
        guids = {message.unit_guid for message in await service.messages(tx, given.order)}

        async def there() -> bool:
            for receipt in await port.receipts():
                if receipt.unit_guid in guids:
                    await service.note_receipt(tx, receipt)
            return (await service.declaration(tx, given.id)).state == state

        await until(there)

    facts = new_facts(lines=(replace(build.SCARF, name="Scarf SANDBOX-REFUSE"),))
    declaration = await service.draft(tx, facts)
    await send(declaration)
    await reaches(declaration, "refused")
    assert "沙盒：退单" in (await service.declaration(tx, declaration.id)).reasons[0].info
    await service.correct(tx, declaration.id, replace(facts, lines=(build.SCARF,)))
    await send(declaration)
    await reaches(declaration, "released")
    final = await service.declaration(tx, declaration.id)
    assert (final.attempt, final.reasons) == (2, ())


async def test_silence_is_silence() -> None:
    with pytest.raises(PortSilent):
        await Sandbox(SandboxSettings("http://127.0.0.1:9", OURS)).send("<a/>", "303", key="K")


async def test_what_was_taken_is_answered_after_a_restart(tmp_path: Path) -> None:
    contract = TestSandbox()
    with running(MODULE, tmp_path, "--delay", "10") as url:
        port = Sandbox(SandboxSettings(url, OURS))
        messages = await contract.sent(port, documents(new_facts()))
    with running(MODULE, tmp_path, "--delay", "0.1") as url:
        port = Sandbox(SandboxSettings(url, OURS))
        told = await contract.answers(port, messages["603"], 1)
        assert told[0].status in (120, 800)


def test_the_form_carries_its_number_and_its_words() -> None:
    (page,) = pypdfium2.PdfDocument(Sandbox(SandboxSettings()).cn23(build.form()))
    text = page.get_textpage().get_text_range()
    for word in (
        "CN 23",
        "Claire Dubois",
        "IM0100000010",
        "621410",
        "0.420 kg",
        "74.80 EUR",
        "Mulberry silk scarf",
    ):
        assert word in text
    codes = zxingcpp.read_barcodes(page.render(scale=203 / 72).to_pil())
    assert [code.text for code in codes] == ["LX123456785CN"]

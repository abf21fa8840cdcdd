# SPDX-License-Identifier: Apache-2.0
"""Texts: into the sandbox's folder, and to a gateway that runs as a program of its own."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from silkcast.engines.sms.sandbox import Sandbox, SandboxSettings
from silkcast.engines.sms.twilio import Twilio, TwilioSettings
from silkcast.ground.clock import SetClock
from silkcast.plumbing.settings import Secret
from silkcast.watch.notices.port import Mailbox, TextNotSent
from silkcast.watch.notices.values import Text
from tests.engines.sms.gateway import ACCOUNT, TOKEN

TEXT = Text("+966512345678", "123456 هو رمزك.\n\n@shop.example #123456")


@dataclass(frozen=True, slots=True)
class Running:
    address: str
    kept: Path

    @property
    def heard(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.kept.read_text().splitlines()] if self.kept.exists() else []


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    kept = folder / "heard"
    command = [sys.executable, "-m", "tests.engines.sms.gateway", str(kept)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])
    try:
        assert process.stdout is not None
        yield Running(f"http://127.0.0.1:{int(process.stdout.readline())}", kept)
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("gateway")) as found:
        yield found


def settings(gateway: Running, *, token: str = TOKEN, sender: str = "Silkcast") -> TwilioSettings:
    return TwilioSettings(
        address=gateway.address,
        account=ACCOUNT,
        token=Secret(token),
        sender=sender,
        reach="loopback",
        answer_timeout_seconds=1,
    )


async def test_a_text_is_laid_once_for_its_owner_only(tmp_path: Path, clock: SetClock) -> None:
    box = Sandbox(SandboxSettings(tmp_path / "texts"), clock)
    await box.send(TEXT, key="one")
    await box.send(TEXT, key="one")

    (file,) = (tmp_path / "texts").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert isinstance(box, Mailbox)
    (kept,) = await box.kept(limit=5)
    assert (kept.letter.to, kept.letter.body.strip()) == (TEXT.to, TEXT.words)


@pytest.mark.parametrize(("sender", "field"), [("Silkcast", "From"), ("MG0123", "MessagingServiceSid")])
async def test_a_text_goes_to_the_gateway_as_its_api_says(gateway: Running, sender: str, field: str) -> None:
    engine = Twilio(settings(gateway, sender=sender))
    await engine.send(TEXT, key="one")
    await engine.close()

    heard = gateway.heard[-1]
    assert heard.pop("kind") == "application/x-www-form-urlencoded"
    assert heard == {"To": TEXT.to, field: sender, "Body": TEXT.words}


@pytest.mark.parametrize(
    ("last", "status", "reason"),
    [
        ("0001", 400, "21211"),
        ("0002", 429, "20429"),
        ("0003", 503, ""),
        ("0004", 201, "no sid"),
        ("0005", 0, "ReadTimeout"),
    ],
)
async def test_what_the_gateway_does_not_take_is_told_without_number_or_code(
    gateway: Running, last: str, status: int, reason: str
) -> None:
    engine = Twilio(settings(gateway))
    with pytest.raises(TextNotSent) as refused:
        await engine.send(Text(f"+96651234{last}", TEXT.words), key="one")
    await engine.close()

    assert (refused.value.status, refused.value.reason) == (status, reason)
    assert "51234" not in f"{refused.value!r}{refused.value}{refused.value.facts()}"
    assert refused.value.__cause__ is None


async def test_a_wrong_token_or_nobody_there_is_told(gateway: Running) -> None:
    engine = Twilio(settings(gateway, token="another"))
    with pytest.raises(TextNotSent) as refused:
        await engine.send(TEXT, key="one")
    assert refused.value.status == 401
    await engine.close()
    away = Twilio(settings(Running("http://127.0.0.1:9", gateway.kept)))
    with pytest.raises(TextNotSent) as refused:
        await away.send(TEXT, key="one")
    assert refused.value.reason == "ConnectError"
    await away.close()


def test_texts_go_by_https_alone(gateway: Running) -> None:
    with pytest.raises(ValueError, match="https"):
        Twilio(TwilioSettings(address="http://sms.example"))
    assert TOKEN not in repr(settings(gateway))
    assert "123456" not in repr(TEXT)

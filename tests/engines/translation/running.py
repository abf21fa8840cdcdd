# SPDX-License-Identifier: Apache-2.0
"""The translation provider as the program it is, and its two clients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from silkcast.engines.translation.deepl import Deepl, DeeplSettings
from silkcast.engines.translation.openai import Openai, OpenaiSettings
from silkcast.plumbing.settings import Secret
from tests.engines.counterpart.running import running

KEY = "s3cret"


@contextmanager
def provider(folder: Path, *faults: str) -> Iterator[str]:
    """Its address."""
    module = "silkcast.engines.translation.provider"
    with running(module, folder, "--faults", ",".join(faults), secret=KEY) as address:
        yield address


def deepl(address: str, key: str = KEY, timeout_seconds: int = 10) -> Deepl:
    return Deepl(DeeplSettings(key=Secret(key), address=address, timeout_seconds=timeout_seconds))


def openai(address: str, key: str = KEY, timeout_seconds: int = 10) -> Openai:
    return Openai(
        OpenaiSettings(
            address=f"{address}/v1", key=Secret(key), model="some-model", timeout_seconds=timeout_seconds
        )
    )


def calls(address: str) -> list[dict[str, Any]]:
    """What the provider was asked."""
    answer = httpx.get(f"{address}/calls", headers={"authorization": f"Bearer {KEY}"}, trust_env=False)
    found: list[dict[str, Any]] = answer.json()["calls"]
    return found

# SPDX-License-Identifier: Apache-2.0
"""The demo's settings file, `demo.toml` in its folder: ports that are free, secrets made once.

`silkcast config`, `customs export` and the others read the same file, so they work beside the demo.
"""

from __future__ import annotations

import fcntl
import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from silkcast.faces.demo.ports import free_port
from silkcast.ground.ids import new_secret

NAME = "demo.toml"
USUAL = {"site": 8000, "rtmp": 1935, "payment": 8790, "carrier": 8811, "customs": 8812}
EVERYWHERE = "0.0.0.0"  # noqa: S104 where the video engine listens


class Taken(Exception):
    """Another demo runs in this folder."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was written: the file, and what those who start the counterparts must know."""

    file: Path
    folder: Path
    site: int
    rtmp: int
    payment: int
    carrier: int
    customs: int
    payment_key: str
    payment_secret: str
    carrier_secret: str
    customs_secret: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.site}"

    def __repr__(self) -> str:
        return f"Sheet({self.file})"


def lock(folder: Path) -> IO[str]:
    """Hold the folder while the demo runs; `Taken` when another one does."""
    folder.mkdir(parents=True, exist_ok=True)
    held = (folder / "demo.lock").open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise Taken from None
    return held


def write(folder: Path, *, port: int | None = None) -> Sheet:
    """Write the settings: what an earlier start chose where it still can be had."""
    folder = folder.resolve()
    file = folder / NAME
    before = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    ports = {
        name: free_port(
            [found for found in (port if name == "site" else None, _known(before, name), usual) if found],
            EVERYWHERE if name == "rtmp" else "127.0.0.1",
        )
        for name, usual in USUAL.items()
    }
    sheet = Sheet(
        file=file,
        folder=folder,
        payment_key=_secret(before, "payment", "key"),
        payment_secret=_secret(before, "payment", "webhook_secrets"),
        carrier_secret=_secret(before, "carrier", "secret"),
        customs_secret=_secret(before, "customs", "secret"),
        **ports,
    )
    part = file.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(_text(sheet), "utf-8")
    os.replace(part, file)
    return sheet


def _known(before: dict[str, Any], name: str) -> int | None:
    """The port of the start before."""
    if name == "site":
        found = before.get("site", {}).get("port")
    elif name == "rtmp":
        found = before.get("video", {}).get("embedded", {}).get("rtmp_port")
    else:
        section = before.get(name, {}).get("sandbox", {})
        address = section.get("url" if name == "payment" else "base_url", "")
        found = int(address.rpartition(":")[2] or 0)
    return found or None


def _secret(before: dict[str, Any], kind: str, key: str) -> str:
    found = before.get(kind, {}).get("sandbox", {}).get(key)
    if isinstance(found, list):
        found = found[0]
    return found or new_secret()


def _text(sheet: Sheet) -> str:
    return f"""\
# Written by `silkcast demo` at each start. Secrets and ports are kept from one start to the next.

[house]
folder = {json.dumps(str(sheet.folder), ensure_ascii=False)}

[site]
port = {sheet.site}
is_demo = true

[log]
level = "warning"

[flows]
dispatch_by_itself = true

[video.embedded]
rtmp_port = {sheet.rtmp}

[payment.sandbox]
url = "http://127.0.0.1:{sheet.payment}"
key = "{sheet.payment_key}"
webhook_secrets = ["{sheet.payment_secret}"]

[carrier.sandbox]
base_url = "http://127.0.0.1:{sheet.carrier}"
secret = "{sheet.carrier_secret}"

[customs.sandbox]
base_url = "http://127.0.0.1:{sheet.customs}"
secret = "{sheet.customs_secret}"
"""

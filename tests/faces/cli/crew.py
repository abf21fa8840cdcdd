# SPDX-License-Identifier: Apache-2.0
"""A site with two workers, as a program of its own, and viewers who watch one room at both."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from silkcast.main import open_database, settings_from
from silkcast.plumbing.settings import Secret
from silkcast.plumbing.wire.nats import Nats, joined
from silkcast.stage.rooms import service as rooms
from tests.faces.build import Town, open_town
from tests.faces.live.twin import Browser, snapshot
from tests.faces.running import free_port
from tests.plumbing.wire.build import until


@dataclass
class Site:
    """A running site, its town, and the way in by the back door."""

    origin: str
    keeper: subprocess.Popen[bytes]
    town: Town
    bus: Nats
    log: Path
    wire: str

    @property
    def workers(self) -> dict[int, int]:
        """{pid: which worker it is}."""
        found = {}
        for pid in children_of(self.keeper.pid):
            line = command_line(pid)
            if "--as-worker" in line:
                found[pid] = int(line[line.index("--as-worker") + 1])
        return found

    @property
    def nats(self) -> int:
        return next(pid for pid in children_of(self.keeper.pid) if "nats-server" in command_line(pid)[0])

    async def owner(self) -> int:
        """The process that owns the room."""
        said = await self.bus.request(f"room.{self.town.show.id}.who", b"", 2)
        return int(said.decode().partition("-")[0])

    async def say(self, *texts: str) -> None:
        """Viewers say something, each in a browser of its own and by a connection of its own."""
        for text in texts:
            async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
                answer = await client.post(
                    f"{self.origin}/live/{self.town.show.id}/chat",
                    json={"text": text},
                    headers={"sec-fetch-site": "same-origin"},
                )
                assert answer.status_code == 201, answer.text


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return [""]


def worker_of(site: Site, port: int) -> int:
    """The worker at the other end of our port."""
    here = int(site.origin.rpartition(":")[2])
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1][-4:], 16) == here and int(fields[2][-4:], 16) == port and fields[3] == "01":
            for pid in site.workers:
                if any(link == f"socket:[{fields[9]}]" for link in links_of(pid)):
                    return pid
    raise AssertionError(f"nobody has the other end of {port}")


def links_of(pid: int) -> Iterator[str]:
    for file in Path(f"/proc/{pid}/fd").iterdir():
        try:
            yield os.readlink(file)
        except OSError:
            continue


@contextmanager
def program(*arguments: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        command = [sys.executable, "-m", "silkcast", *arguments]
        started = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        yield started
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGTERM)
        started.wait(60)


@asynccontextmanager
async def open_site(folder: Path) -> AsyncIterator[Site]:
    port = free_port()
    file = folder / "site.toml"
    file.write_text(
        f'[house]\nfolder = "{folder / "var"}"\n[site]\nport = {port}\n[database]\npool_size = 3\n'
        f'["video.embedded"]\nrtmp_port = {free_port()}\n'
    )
    log = folder / "log"
    async with AsyncExitStack() as stack:
        keeper = stack.enter_context(program("serve", "--config", str(file), "--workers", "2", log=log))
        await until(lambda: "2 workers" in log.read_text() or keeper.poll() is not None, 90)
        assert keeper.poll() is None, log.read_text()
        database = await stack.enter_async_context(open_database(settings_from(file)))
        (folder / "town").mkdir()
        town = await open_town(database, folder / "town")
        async with database.write() as tx:
            await rooms.start(tx, town.show.id, town.seller.id)
        conf = (folder / "var" / "wire" / "nats.conf").read_text()
        where, token = re.findall(r'listen: "(.+?)"|token: "(.+?)"', conf)
        wire = f"nats://{token[1]}@{where[0]}"
        bus = await joined(Secret(wire))
        stack.push_async_callback(bus.close)
        yield Site(f"http://127.0.0.1:{port}", keeper, town, bus, log, wire)


def open_up(folder: Path) -> None:
    """PostgreSQL runs as another user, who has to get in."""
    for above in (folder, folder.parent, folder.parent.parent):
        above.chmod(0o755)


@asynccontextmanager
async def crowd(site: Site, most: int = 24) -> AsyncIterator[list[Browser]]:
    """Viewers, so many that each worker has at least two."""
    async with AsyncExitStack() as stack:
        viewers: list[Browser] = []
        while len(viewers) < most:
            one = Browser(site.origin, site.town.show.id)
            viewers.append(await stack.enter_async_context(one))
            where = [worker_of(site, viewer.local_port) for viewer in viewers]
            if len(viewers) >= 4 and len(set(where)) == 2 and min(map(where.count, set(where))) >= 2:
                break
        else:
            raise AssertionError("one worker got them all")
        yield viewers


async def same_picture(site: Site, viewers: list[Browser], seconds: float = 20) -> None:
    """Every viewer sees what a fresh snapshot says, soon and for good."""
    until_then = time.monotonic() + seconds
    while True:
        fresh = await snapshot(site.origin, site.town.show.id)
        wanted = {key: fresh[key] for key in ("state", "pin", "stock", "likes")}
        # lines told while a process could not be reached come later than their hour: all there and the same
        # for all, but not where a fresh page has them
        wanted["chat"] = sorted(line["id"] for line in fresh["chat"])
        seen = [
            {
                key: sorted(found) if key == "chat" else found
                for key in wanted
                for found in (viewer.picture.state[key],)
            }
            for viewer in viewers
            if viewer.picture
        ]
        if all(one == wanted for one in seen):
            return
        assert time.monotonic() < until_then, (wanted, [one for one in seen if one != wanted])
        await asyncio.sleep(0.1)


async def counted(origin: str, site: Site, wanted: int) -> None:
    """So many watch, over all processes; each hears of the others once a second."""
    async with asyncio.timeout(15):
        while (await snapshot(origin, site.town.show.id))["viewers"] != wanted:
            await asyncio.sleep(0.2)


async def owner_killed(site: Site, viewers: list[Browser]) -> tuple[list[Browser], float]:
    """Kill the process that owns the room: who watched at the other one, and the seconds until all of them
    have a picture of the next owner's."""
    dead = await site.owner()
    stay = [viewer for viewer in viewers if worker_of(site, viewer.local_port) != dead]
    fetched = [len(viewer.snapshots) for viewer in stay]
    os.kill(dead, signal.SIGKILL)
    killed = asyncio.get_running_loop().time()
    await until(lambda: all(len(v.snapshots) > n for v, n in zip(stay, fetched, strict=True)), 20)
    assert await site.owner() != dead
    return stay, max(viewer.snapshots[-1] for viewer in stay) - killed


async def taken_over(site: Site) -> float:
    """The owner killed with a crowd at both workers: all see the same before, meanwhile and after. How many
    seconds it was until the next owner was heard."""
    async with crowd(site) as viewers:
        await site.say("Before")
        await same_picture(site, viewers)
        stay, took = await owner_killed(site, viewers)
        await site.say("After, while one is missing")
        await same_picture(site, stay)
        await until(lambda: len(site.workers) == 2, 30)
        await same_picture(site, viewers)
    return took

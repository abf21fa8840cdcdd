# SPDX-License-Identifier: Apache-2.0
"""`silkcast serve --workers 2`, the real program: rooms are the same in both, and outlive either."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from silkcast.main import open_database, settings_from
from silkcast.plumbing.settings import Secret
from silkcast.plumbing.wire.nats import Nats, joined
from silkcast.stage.rooms import service as rooms
from tests.faces.build import Town, open_town
from tests.faces.live.twin import Browser, snapshot
from tests.faces.running import free_port
from tests.plumbing.wire.build import until

pytestmark = pytest.mark.timeout(240)


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


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("workers")
    open_up(folder)
    async with open_site(folder) as opened:
        yield opened


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


async def test_viewers_at_both_workers_hear_the_same(site: Site) -> None:
    async with crowd(site) as viewers:
        before = [len(viewer.heard) for viewer in viewers]
        await site.say(*(f"Line {number}, from somewhere" for number in range(20)))
        await site.town.set_stock(site.town.variant, 7)
        await same_picture(site, viewers)
        heard = [
            [event for event in viewer.heard[start:] if event[1] in ("chat", "stock")]
            for viewer, start in zip(viewers, before, strict=True)
        ]
        assert len(heard[0]) >= 21
        assert all(one == heard[0] for one in heard), "the same ids in the same order"
        await counted(site.origin, site, len(viewers))


async def test_a_viewer_comes_back_to_the_other_worker_and_misses_nothing(site: Site) -> None:
    async with crowd(site) as viewers:
        start = viewers[0].picture
        assert start is not None
        after = f"{start.era}-{start.seq}"
        await site.say("One", "Two", "Three")
        await same_picture(site, viewers)
        wanted = [event for event in viewers[0].heard if event[1] == "chat"][-3:]
        reached: set[int] = set()
        while len(reached) < 2:
            back = Browser(site.origin, site.town.show.id)
            back.picture = viewers[0].picture
            reader, writer = await asyncio.open_connection("127.0.0.1", int(site.origin.rpartition(":")[2]))
            asked = (
                f"GET /live/{site.town.show.id}/events HTTP/1.1\r\nhost: x\r\nlast-event-id: {after}\r\n\r\n"
            )
            writer.write(asked.encode())
            async with asyncio.timeout(5):
                await reader.readuntil(b"\r\n\r\n")
                got: list[str] = []
                while len(got) < 3:
                    event = (await reader.readuntil(b"\n\n")).decode()
                    assert "event: snapshot" not in event
                    got += re.findall(r"^id: (\S+)\nevent: chat$", event, re.M)
            assert got == [id for id, _ in wanted]
            reached.add(worker_of(site, writer.get_extra_info("sockname")[1]))
            writer.close()


async def test_the_owner_killed_is_followed_within_three_seconds(site: Site) -> None:
    async with crowd(site) as viewers:
        await site.say("Before")
        await same_picture(site, viewers)
        dead = await site.owner()
        stay = [viewer for viewer in viewers if worker_of(site, viewer.local_port) != dead]
        fetched = [len(viewer.snapshots) for viewer in stay]
        os.kill(dead, signal.SIGKILL)
        loop = asyncio.get_running_loop()
        killed = loop.time()
        await until(lambda: all(len(v.snapshots) > n for v, n in zip(stay, fetched, strict=True)), 10)
        took = max(viewer.snapshots[-1] for viewer in stay) - killed
        print(f"taken over after {took:.2f} s")
        assert took < 3
        assert await site.owner() != dead
        await site.say("After, while one is missing")
        await same_picture(site, stay)
        await until(lambda: len(site.workers) == 2, 30)
        await same_picture(site, viewers)


async def test_nats_killed_comes_back_and_nobody_misses_anything(site: Site) -> None:
    async with crowd(site) as viewers:
        first = site.nats
        os.kill(first, signal.SIGKILL)
        await site.say(*(f"While it is away {number}" for number in range(5)))
        await site.town.set_stock(site.town.variant, 3)
        await until(lambda: site.bus.is_here and site.nats != first, 10)
        await site.say("It is back")
        await same_picture(site, viewers)


async def test_all_end_with_the_keeper_even_when_it_is_killed(tmp_path: Path) -> None:
    open_up(tmp_path)
    async with open_site(tmp_path) as opened:
        await opened.bus.close()
        await opened.town.database.close()
        family = [*opened.workers, opened.nats]
        os.kill(opened.keeper.pid, signal.SIGKILL)
        opened.keeper.wait(10)
        await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), 20)


def test_a_worker_without_a_keeper_must_be_told_where_all_is(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(f'[house]\nfolder = "{tmp_path / "var"}"\n')
    with program("serve", "--config", str(file), "--without-keeper", log=tmp_path / "log") as started:
        assert started.wait(60) == 1
    assert "needs database.url and wire.url" in (tmp_path / "log").read_text()


async def test_a_worker_of_another_machine_joins_by_the_two_addresses(site: Site, tmp_path: Path) -> None:
    """It has a folder and an address of its own; the keys, as the how-to says, are the same."""
    port, home = free_port(), Path(site.log).parent / "var"
    shutil.copytree(home, tmp_path / "var", ignore=lambda _, names: set(names) - {"vault.keys"})
    file = tmp_path / "site.toml"
    database = site.town.database.url.render_as_string(hide_password=False).replace("+asyncpg", "")
    file.write_text(
        f'[house]\nfolder = "{tmp_path / "var"}"\n[site]\nport = {port}\n[database]\npool_size = 3\n'
        f'url = "{database}"\n[wire]\nurl = "{site.wire}"\n'
    )
    log = tmp_path / "log"
    origin = f"http://127.0.0.1:{port}"
    with program("serve", "--config", str(file), "--without-keeper", log=log) as joined_later:
        await until(lambda: "open at" in log.read_text() or joined_later.poll() is not None, 60)
        assert joined_later.poll() is None, log.read_text()
        assert site.wire not in log.read_text()
        async with Browser(origin, site.town.show.id) as there, crowd(site) as viewers:
            await site.say("Hello to the other machine")
            await same_picture(site, [there, *viewers])
            assert there.heard[-1] == viewers[0].heard[-1]
            await counted(origin, site, len(viewers) + 1)

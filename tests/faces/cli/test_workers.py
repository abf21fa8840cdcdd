# SPDX-License-Identifier: Apache-2.0
"""`silkcast serve --workers 2`, the real program: rooms are the same in both, and outlive either."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faces.cli.crew import (
    Site,
    counted,
    crowd,
    open_site,
    open_up,
    program,
    same_picture,
    taken_over,
    worker_of,
)
from tests.faces.live.twin import Browser
from tests.faces.running import free_port
from tests.plumbing.wire.build import until

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("workers")
    open_up(folder)
    async with open_site(folder) as opened:
        yield opened


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


async def test_the_owner_killed_is_followed_by_the_other(site: Site) -> None:
    """How soon is measured in bench/takeover.py."""
    await taken_over(site)


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
            await until(lambda: there.heard[-1] == viewers[0].heard[-1], 20)
            await counted(origin, site, len(viewers) + 1)

# SPDX-License-Identifier: Apache-2.0
"""The doctor: each check is content with what is well, and says what to do with what is not."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from silkcast.faces.cli import main
from silkcast.faces.cli.checks import database, machine, public, wire
from silkcast.faces.cli.checks.finding import Finding
from silkcast.faces.house import SiteSettings
from silkcast.main import settings_from
from silkcast.plumbing.db import Database
from silkcast.plumbing.db.history import migrations
from silkcast.plumbing.db.server import Server, server
from silkcast.plumbing.settings import Secret, Settings
from silkcast.plumbing.wire.server import NatsServer
from silkcast.plumbing.wire.settings import WireSettings

SOUND = Server(
    settings={
        "server_version": "18.1",
        "server_version_num": "180001",
        "server_encoding": "UTF8",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "max_connections": "100",
    },
    locale="C.UTF-8",
    ahead=timedelta(milliseconds=3),
    migration=migrations()[-1],
)
PUBLIC = SiteSettings(origin="https://shop.example", is_behind_proxy=True)


def level(found: Iterable[Finding], subject: str) -> str:
    """The worst that was said of a subject; every complaint comes with a cure."""
    said = [finding for finding in found if finding.subject == subject]
    assert said, f"nothing was said of {subject}"
    assert all(finding.cure for finding in said if finding.level != "ok")
    return max((finding.level for finding in said), key=("ok", "warn", "fail").index)


def test_python_and_wheels_are_those_asked_for() -> None:
    found = list(machine.python())
    assert (level(found, "python"), level(found, "wheels")) == ("ok", "ok")


def test_an_old_python_and_a_missing_wheel_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "OLDEST", (9, 0))
    monkeypatch.setattr(machine, "_is_installed", lambda name: name != "obstore")
    found = list(machine.python())
    assert (level(found, "python"), level(found, "wheels")) == ("fail", "fail")
    assert any("obstore" in finding.words for finding in found)


def test_disk_is_measured_where_the_house_will_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = tmp_path / "not" / "yet"
    monkeypatch.setattr(machine, "ROOM_WANTED", 1)
    monkeypatch.setattr(machine, "ROOM_NEEDED", 1)
    assert level([machine.disk(wanted)], "disk") == "ok"
    monkeypatch.setattr(machine, "ROOM_WANTED", 10**18)
    assert level([machine.disk(wanted)], "disk") == "warn"
    monkeypatch.setattr(machine, "ROOM_NEEDED", 10**18)
    assert level([machine.disk(wanted)], "disk") == "fail"


def test_few_connections_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("silkcast.plumbing.limits.files_to_be_had", lambda: 65_536)
    assert machine.files().level == "ok"
    monkeypatch.setattr("silkcast.plumbing.limits.files_to_be_had", lambda: 1_024)
    assert level([machine.files()], "connections") == "warn"


def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    keys = tmp_path / "vault.keys"
    assert machine.keys(keys).level == "ok"
    keys.write_text("1:secret")
    keys.chmod(0o644)
    assert level([machine.keys(keys)], "keys") == "fail"
    keys.chmod(0o600)
    assert machine.keys(keys).level == "ok"


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.writable("films", tmp_path / "media").level == "ok"
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write anywhere
    assert level([machine.writable("films", tmp_path / "media")], "films") == "fail"


def test_a_taken_port_is_a_fault_unless_the_house_is_open() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        assert level([machine.port("port", "127.0.0.1", number, is_open=False)], "port") == "fail"
        assert level([machine.port("port", "127.0.0.1", number, is_open=True)], "port") == "ok"
    assert level([machine.port("port", "127.0.0.1", number, is_open=False)], "port") == "ok"


def test_ffmpeg_is_tried_and_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.ffmpeg().level == "ok"
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/bin/false")
    assert level([machine.ffmpeg()], "ffmpeg") == "fail"
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    assert level([machine.ffmpeg()], "ffmpeg") == "fail"


def test_built_files_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.assets, "MANIFEST", tmp_path / "manifest.json")
    monkeypatch.setattr(machine.assets, "manifest", lambda: {"room.ts": machine.assets.Built(file="room.js")})
    assert level([machine.built()], "web") == "fail"
    (tmp_path / "room.js").touch()
    assert level([machine.built()], "web") == "ok"
    monkeypatch.setattr(machine.assets, "manifest", dict)
    assert level([machine.built()], "web") == "fail"


@pytest.mark.parametrize(
    ("site", "subject", "wanted"),
    [
        (PUBLIC, "origin", "ok"),
        (PUBLIC, "cookies", "ok"),
        (replace(PUBLIC, origin=""), "origin", "fail"),
        (replace(PUBLIC, origin="shop.example"), "origin", "fail"),
        (replace(PUBLIC, origin="https://shop.example/"), "origin", "fail"),
        (replace(PUBLIC, origin="http://shop.example"), "cookies", "fail"),
        (replace(PUBLIC, origin="https://192.168.1.4"), "origin", "warn"),
        (replace(PUBLIC, is_behind_proxy=False), "proxy", "warn"),
        (SiteSettings(is_demo=True), "origin", "ok"),
    ],
)
def test_the_public_address(site: SiteSettings, subject: str, wanted: str) -> None:
    assert level(public.origin(site), subject) == wanted


def test_sessions_are_neither_endless_nor_none() -> None:
    assert public.sessions(PUBLIC).level == "ok"
    assert level([public.sessions(replace(PUBLIC, session_days=3650))], "sessions") == "warn"


def test_sandboxes_are_for_the_demo() -> None:
    settings = settings_from()
    chosen = {"payment": ("sandbox", "cod"), "post": ("mailbox",)}
    earnest = list(public.sandboxes(settings, chosen, PUBLIC))
    assert (level(earnest, "engines"), level(earnest, "secrets")) == ("warn", "fail")
    demo = list(public.sandboxes(settings, chosen, replace(PUBLIC, is_demo=True)))
    assert level(demo, "engines") == "ok"
    assert list(public.sandboxes(Settings({}, ()), {"payment": ("stripe",)}, PUBLIC)) == []


def test_a_sound_server_has_nothing_to_complain_of() -> None:
    found = list(database.server(SOUND, 10))
    assert {finding.level for finding in found} == {"ok"}


@pytest.mark.parametrize(
    ("changed", "subject", "wanted"),
    [
        ({"server_version_num": "140009"}, "postgres", "fail"),
        ({"server_encoding": "LATIN1"}, "postgres", "fail"),
        ({"fsync": "off"}, "durability", "fail"),
        ({"synchronous_commit": "off"}, "durability", "fail"),
        ({"data_checksums": "off"}, "durability", "warn"),
        ({"max_connections": "12"}, "connections", "warn"),
    ],
)
def test_a_servers_faults_are_named(changed: dict[str, str], subject: str, wanted: str) -> None:
    found = replace(SOUND, settings={**SOUND.settings, **changed})
    assert level(database.server(found, 10), subject) == wanted


def test_clocks_that_differ_and_shapes_that_are_old_or_new() -> None:
    late = list(database.server(replace(SOUND, ahead=timedelta(seconds=-7)), 10))
    assert level(late, "clock") == "fail"
    assert database.shape(None).level == "warn"
    assert level([database.shape("9001")], "migrations") == "fail"


async def test_the_server_is_asked(database: Database) -> None:
    found = await server(database)
    assert found.settings["server_encoding"] == "UTF8"
    assert found.settings["fsync"] == "off"  # as the tests run it
    assert found.migration is None  # made from the models


async def test_nothing_waits_in_a_new_house_and_what_does_is_told(database: Database) -> None:
    from silkcast.faces.cli.checks.database import waiting

    assert {finding.level for finding in await waiting(database, ("sandbox",))} == {"ok"}
    async with database.write() as tx:
        tx.enqueue("somebody.waits", {}, at=tx.now - timedelta(minutes=20))
    database.clock.advance(timedelta(minutes=20))  # type: ignore[attr-defined]
    assert level(await waiting(database, ("sandbox",)), "jobs") == "fail"


def test_the_command_tells_each_line_and_its_status(tmp_path: Path) -> None:
    environ = {"SILKCAST_HOUSE__FOLDER": str(tmp_path), "SILKCAST_SITE__IS_DEMO": "yes"}
    poor = {**environ, "SILKCAST_SITE__ORIGIN": "nonsense"}
    done = CliRunner().invoke(main, ["doctor", "--quiet"], env=poor)
    assert done.exit_code == 1
    assert "fail  origin" in done.output
    assert "→ write scheme and host" in done.output
    assert "ok    python" not in done.output
    assert not list(tmp_path.iterdir()), "the doctor leaves nothing behind"


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none"
    environ = {"SILKCAST_HOUSE__FOLDER": str(tmp_path), "SILKCAST_DATABASE__URL": url}
    done = CliRunner().invoke(main, ["doctor"], env=environ)
    assert done.exit_code == 1
    assert "fail  postgres" in done.output


async def test_a_wire_that_does_not_take_us_in_is_found_out(tmp_path: Path) -> None:
    server = NatsServer(tmp_path / "wire")
    server.start()
    try:
        assert level([await wire.wire(WireSettings(server.url))], "wire") == "ok"
        assert level([await wire.wire(WireSettings())], "wire") == "ok"
        wrong = Secret("nats://another-token@" + server.url.reveal().partition("@")[2])
        found = await wire.wire(WireSettings(wrong))
        assert found.level == "fail"
        assert "another-token" not in found.words + found.cure
    finally:
        server.stop()

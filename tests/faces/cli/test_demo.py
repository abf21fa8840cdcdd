# SPDX-License-Identifier: Apache-2.0
"""`silkcast demo` as a program: it writes its world once, and leaves nothing running however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from silkcast.faces.demo import film, script
from silkcast.faces.demo.evening import FILM
from tests.story.watching import opening

pytestmark = [pytest.mark.timeout(300)]
BOARD = "Ctrl-C ends it"


def processes(mark: str) -> dict[int, str]:
    """Every live process that was started for this folder: by its command line, or by where it works."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with suppress(OSError):
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            works_in = os.readlink(entry / "cwd")
            if state != "Z" and (mark in command or works_in.startswith(mark)):
                found[int(entry.name)] = command[:160]
    return found


def gone(folder: Path, seconds: float = 20) -> dict[int, str]:
    """What is left after so many seconds at most."""
    until = time.monotonic() + seconds
    while (left := processes(str(folder))) and time.monotonic() < until:
        time.sleep(0.1)
    return left


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that the user PostgreSQL runs as can enter."""
    with tempfile.TemporaryDirectory(prefix="silkcast-demo-") as made:
        Path(made).chmod(0o755)
        yield Path(made) / "demo"


@contextmanager
def demo(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program and what it printed up to its board."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SILKCAST_")}
    command = [sys.executable, "-m", "silkcast", "demo", "--folder", str(folder), *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environ
    )
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if BOARD in line:
                break
        yield process, said
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        gone(folder)


def origin(folder: Path) -> str:
    port = tomllib.loads((folder / "demo.toml").read_text())["site"]["port"]
    return f"http://127.0.0.1:{port}"


def small_film(folder: Path) -> None:
    """A film of four seconds where the demo looks for its own, so that none is drawn."""
    films = folder / "films"
    films.mkdir(exist_ok=True)
    source = ("-f", "lavfi", "-i", "testsrc2=size=180x320:rate=30", "-f", "lavfi", "-i", "sine=frequency=300")
    encode = ("-t", "4", "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-bf", "0", "-c:a", "aac")
    target = film.where(script.read(FILM), films)
    subprocess.run([film.ffmpeg(), "-v", "error", *source, *encode, str(target)], check=True)


def test_it_opens_keeps_its_world_and_leaves_nothing_running_however_it_ends(folder: Path) -> None:
    """One test, as the second start needs the world that the first one wrote."""
    with opening():  # for the whole of it: the ports of the first start have to be free for the next
        assert_it_opens_and_ctrl_c_leaves_nothing_running(folder)
        assert_the_next_start_keeps_the_world_and_even_kill_leaves_nothing_running(folder)


def assert_it_opens_and_ctrl_c_leaves_nothing_running(folder: Path) -> None:
    with demo(folder, "--bare") as (process, said):
        assert BOARD in said, said
        assert "operator@silkcast.example" in said
        front = httpx.get(origin(folder), headers={"accept-language": "fr"}, trust_env=False)
        assert front.status_code == 200
        assert "Four Qinghe" in front.text
        assert len(processes(str(folder))) >= 5  # the house, PostgreSQL and three counterparts
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert gone(folder, 2) == {}


def assert_the_next_start_keeps_the_world_and_even_kill_leaves_nothing_running(folder: Path) -> None:
    before = origin(folder)
    small_film(folder)
    with demo(folder) as (process, said):
        assert "with pictures" not in said, said
        assert origin(folder) == before
        assert "Qinghe" in httpx.get(before, trust_env=False).text
        assert_a_second_is_refused(folder)
        while sum("ffmpeg" in command for command in processes(str(folder)).values()) < 2:
            time.sleep(0.2)  # the encoder and the packager are on their way
        process.kill()
        process.wait()
        assert gone(folder) == {}


def assert_a_second_is_refused(folder: Path) -> None:
    settings = (folder / "demo.toml").read_text()
    command = [sys.executable, "-m", "silkcast", "demo", "--folder", str(folder)]
    again = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert again.returncode == 1
    assert "already" in again.stderr
    assert (folder / "demo.toml").read_text() == settings

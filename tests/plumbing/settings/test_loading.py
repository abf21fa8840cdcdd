# SPDX-License-Identifier: Apache-2.0
"""Each value is right, knows where it came from, and a secret does not show."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from silkcast.plumbing.settings import BadSettings, Secret, load_settings


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    url: Secret = Secret()
    pool_size: int = 10
    timeout_seconds: float = 15.0
    folder: Path = Path("var")


@dataclass(frozen=True, slots=True)
class SiteSettings:
    address: str = "http://127.0.0.1:8000"
    is_public: bool = False
    mode: Literal["demo", "shop"] = "shop"
    languages: tuple[str, ...] = ("en",)
    proxy: str | None = None
    hosts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.is_public and self.address.startswith("http://127."):
            raise ValueError("a public site has a public address")


SECTIONS = {"database": DatabaseSettings, "site": SiteSettings, "payment.card": DatabaseSettings}


def written(folder: Path, content: str) -> Path:
    file = folder / "silkcast.toml"
    file.write_text(content)
    return file


def problems(environ: dict[str, str] | None = None, file: Path | None = None) -> str:
    with pytest.raises(BadSettings) as caught:
        load_settings(SECTIONS, file=file, environ=environ or {})
    return str(caught.value)


def test_the_defaults_work() -> None:
    settings = load_settings(SECTIONS, environ={"HOME": "/", "SILKCASTLE": "x"})
    assert settings.section("site", SiteSettings) == SiteSettings()
    assert {str(value.origin) for value in settings} == {"default"}


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "[database]\npool_size = 4\ntimeout_seconds = 3\n"
        '[site]\nlanguages = ["en", "ar"]\n[payment.card]\npool_size = 2\n',
    )
    environ = {
        "SILKCAST_CONFIG": str(file),
        "SILKCAST_DATABASE__POOL_SIZE": "7",
        "SILKCAST_SITE__IS_PUBLIC": "no",
        "SILKCAST_SITE__LANGUAGES": "fr, ar",
        "SILKCAST_SITE__PROXY": "",
        "SILKCAST_PAYMENT__CARD__FOLDER": "/srv/x",
    }
    settings = load_settings(SECTIONS, environ=environ)
    database = settings.section("database", DatabaseSettings)
    assert (database.pool_size, database.timeout_seconds) == (7, 3.0)
    assert settings.section("site", SiteSettings).languages == ("fr", "ar")
    assert settings.section("site", SiteSettings).proxy is None
    card = settings.section("payment.card", DatabaseSettings)
    assert (card.pool_size, card.folder) == (2, Path("/srv/x"))
    origins = {(value.section, value.key): str(value.origin) for value in settings}
    assert origins["database", "pool_size"] == "SILKCAST_DATABASE__POOL_SIZE"
    assert origins["database", "timeout_seconds"] == str(file)
    assert origins["database", "folder"] == "default"


def test_a_secret_shows_nowhere_but_where_it_is_asked_for() -> None:
    plain = "postgresql://me:hunter2@db/x"
    settings = load_settings(SECTIONS, environ={"SILKCAST_DATABASE__URL": plain})
    url = settings.section("database", DatabaseSettings).url
    assert url.reveal() == plain
    shown = f"{settings.section('database', DatabaseSettings)} {list(settings)} {url} {url!r}"
    assert "hunter2" not in shown
    assert bool(url)
    assert not Secret()


def test_what_nobody_knows_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    file = written(tmp_path, '[database]\npoolsize = 4\n[sight]\naddress = "x"\n')
    said = problems({"SILKCAST_DATABASE__POOL_SIZ": "3"}, file)
    assert "nobody knows [database] poolsize; did you mean pool_size?" in said
    assert "nobody knows [sight] address; did you mean site.address?" in said
    assert "SILKCAST_DATABASE__POOL_SIZ; did you mean SILKCAST_DATABASE__POOL_SIZE?" in said


def test_every_fault_is_told_at_once_and_where_it_is(tmp_path: Path) -> None:
    file = written(tmp_path, '[database]\npool_size = "ten"\nurl = 7\n[site]\nmode = "shpo"\n')
    said = problems({"SILKCAST_SITE__IS_PUBLIC": "perhaps"}, file)
    assert len(said.splitlines()) == 4
    assert f"{file}: [database] pool_size" in said
    assert "SILKCAST_SITE__IS_PUBLIC: [site] is_public" in said


def test_a_section_may_refuse_what_does_not_go_together() -> None:
    assert "a public site has a public address" in problems({"SILKCAST_SITE__IS_PUBLIC": "yes"})


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    assert "No such file" in problems(file=tmp_path / "none.toml")
    assert "silkcast.toml" in problems(file=written(tmp_path, "[database\n"))


def test_what_has_no_default_must_be_set() -> None:
    @dataclass(frozen=True)
    class Needed:
        key: str

    with pytest.raises(BadSettings, match="SILKCAST_MAIL__KEY"):
        load_settings({"mail": Needed}, environ={})

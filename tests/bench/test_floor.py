# SPDX-License-Identifier: Apache-2.0
"""The floor is measured on a durable server only, and leaves nothing behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from bench.floor import NAME, NotDurable, ask, floor
from silkcast.plumbing.postgres import Postgres


def test_the_floor_sells_one_unit_a_transaction() -> None:
    with tempfile.TemporaryDirectory(prefix="silkcast-tests-") as folder:
        Path(folder).chmod(0o755)  # so that the user PostgreSQL runs as can enter it
        server = Postgres(Path(folder) / "postgres")
        server.start()
        try:
            assert floor(server, skus=3, seconds=1) > 0
            assert ask(server, f"SELECT count(*) FROM pg_database WHERE datname = '{NAME}'") == "0"
        finally:
            server.stop()


def test_a_server_that_may_lose_orders_has_no_floor(postgres: Postgres) -> None:
    with pytest.raises(NotDurable, match="fsync"):
        floor(postgres, skus=1, seconds=1)

# SPDX-License-Identifier: Apache-2.0
"""The first house: every table, index and trigger that the first version has, in the file beside this one.

Until the first release there is only this migration, and `silkcast migrate --rewrite-first` writes its SQL
anew from the models. After the release it is never touched again: `silkcast migrate --write "what changes"`
adds the next.
"""

from __future__ import annotations

from pathlib import Path

from silkcast.plumbing.db.scripts import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_script(Path(__file__).with_suffix(".sql"))

# SPDX-License-Identifier: Apache-2.0
"""The command line as a whole: quick help, commands read when they are called."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner

from silkcast.faces.cli import COMMANDS, main


def test_help_names_every_command() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert all(name in result.output for name in COMMANDS)


def test_a_command_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(main, ["dance"])
    assert result.exit_code == 2
    assert "No such command" in result.output


def test_duties_start_without_the_web_and_the_database() -> None:
    program = (
        "import sys; from silkcast.faces.cli import main\n"
        "main(['duties', 'check', '--help'], standalone_mode=False)\n"
        "print([name for name in ('litestar', 'sqlalchemy', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_python_dash_m_is_the_same_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "silkcast", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("silkcast, version ")

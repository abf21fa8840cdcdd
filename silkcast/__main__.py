# SPDX-License-Identifier: Apache-2.0
"""`python -m silkcast`: the same as the command `silkcast`."""

from __future__ import annotations

from silkcast.faces.cli import main

if __name__ == "__main__":
    main(prog_name="silkcast")

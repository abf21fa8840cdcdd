# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a grammar: the fault of whoever wrote the file, told when it is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(eq=False)
class BrokenGrammar(ValueError):
    """A file of `data` cannot be read: which, and what is wrong in it."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"

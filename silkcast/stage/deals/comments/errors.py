# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a grammar: found when it is read, not when somebody comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Invalid


@dataclass(eq=False)
class BrokenGrammar(Invalid):
    """A grammar's file cannot be read: which, and what is wrong in it."""

    code: ClassVar[str] = "comments.broken_grammar"
    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"

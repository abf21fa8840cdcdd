# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a grammar, told when it is read; and with a pasted chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Invalid


@dataclass(eq=False)
class BrokenGrammar(ValueError):
    """A file of `data` cannot be read: which, and what is wrong in it."""

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


@dataclass(eq=False)
class NoChat(Invalid):
    """Nobody says anything in it: it is empty, or in no form that is known."""

    code: ClassVar[str] = "comments.no_chat"


@dataclass(eq=False)
class ChatTooLong(Invalid):
    """More than is read at once, in characters or in messages."""

    code: ClassVar[str] = "comments.chat_too_long"
    most: int
    most_messages: int


@dataclass(eq=False)
class NothingPicked(Invalid):
    """None of its orders was picked."""

    code: ClassVar[str] = "comments.nothing_picked"


@dataclass(eq=False)
class TooManyPicked(Invalid):
    """More than are entered at once."""

    code: ClassVar[str] = "comments.too_many_picked"
    most: int


@dataclass(eq=False)
class WhichOne(Invalid):
    """An order was picked that fits several variants, and none was chosen."""

    code: ClassVar[str] = "comments.which_one"

# SPDX-License-Identifier: Apache-2.0
"""What customs says no to, before anybody is bothered with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from silkcast.ground.refusals import Conflict, Invalid, NotFound, Unavailable

Problem = Literal[
    "missing", "too_short", "too_long", "not_a_number", "too_many_digits", "negative", "not_in_list",
    "forbidden_character", "vague", "not_latin",
]  # fmt: skip


@dataclass(eq=False)
class BadField(Invalid):
    """A field that the table of the message does not allow. `limit` is what the table says, as it says it."""

    code: ClassVar[str] = "customs.field"
    document: str
    field: str
    problem: Problem
    limit: str = ""


@dataclass(eq=False)
class Disagree(Invalid):
    """Two places of a declaration that must say the same thing say two things."""

    code: ClassVar[str] = "customs.disagree"
    field: str
    left: str
    right: str


@dataclass(eq=False)
class TooManyLines(Invalid):
    code: ClassVar[str] = "customs.too_many_lines"
    lines: int
    limit: int


@dataclass(eq=False)
class NoCustomsCode(Invalid):
    """The customs code tables have no entry for it that we know. `table`: countries, currencies, units …"""

    code: ClassVar[str] = "customs.no_code"
    table: str
    value: str


@dataclass(eq=False)
class NoDeclaration(NotFound):
    code: ClassVar[str] = "customs.no_declaration"


@dataclass(eq=False)
class NotCorrectable(Conflict):
    """Only what was refused, or failed, can be corrected and sent again."""

    code: ClassVar[str] = "customs.not_correctable"
    state: str


@dataclass(eq=False)
class BadSignature(Invalid):
    """A receipt that claims to come from customs and is not signed by them."""

    code: ClassVar[str] = "customs.bad_signature"


@dataclass(eq=False)
class BadReceipt(Invalid):
    """A receipt that cannot be read."""

    code: ClassVar[str] = "customs.bad_receipt"
    why: str


@dataclass(eq=False)
class PortSilent(Unavailable):
    code: ClassVar[str] = "customs.port_silent"


@dataclass(eq=False)
class MessageRefused(Invalid):
    """The port would not take the message at all: no receipt will come."""

    code: ClassVar[str] = "customs.message_refused"
    why: str

# SPDX-License-Identifier: Apache-2.0
"""Numbers of receivers that customs asks for: read, checked by python-stdnum or by their shape, and never
shown whole in a log. What keeps them seals and purges them; here they only pass."""

from __future__ import annotations

import re
from importlib import import_module

from .errors import BadRecipientNumber
from .values import Market, RecipientNumber

LONGEST = 40


def knows(check: str) -> bool:
    """Whether python-stdnum has this check."""
    try:
        return hasattr(import_module(f"stdnum.{check}"), "validate")
    except ImportError:
        return False


def find(market: Market, code: str) -> RecipientNumber:
    """The number of this kind, or a refusal: nothing is asked that the market does not name."""
    for one in market.recipient:
        if one.code == code:
            return one
    raise BadRecipientNumber(code, "not_asked")


def check(asked: RecipientNumber, text: str) -> str:
    """The number as it is written down, or `BadRecipientNumber` without the number in it."""
    plain = text.strip()
    if not plain:
        raise BadRecipientNumber(asked.code, "required")
    if len(plain) > LONGEST:
        raise BadRecipientNumber(asked.code, "invalid")
    if asked.pattern:
        plain = re.sub(r"[\s.-]", "", plain).upper()
        if re.fullmatch(asked.pattern, plain) is None:
            raise BadRecipientNumber(asked.code, "invalid")
        return plain
    module = import_module(f"stdnum.{asked.check}")
    from stdnum.exceptions import ValidationError

    try:
        return str(module.validate(plain))
    except ValidationError:
        raise BadRecipientNumber(asked.code, "invalid") from None

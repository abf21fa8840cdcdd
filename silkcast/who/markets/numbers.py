# SPDX-License-Identifier: Apache-2.0
"""Numbers of receivers that customs asks for: read, checked by python-stdnum or by their shape, and never
shown whole in a log. What keeps them seals and purges them; here they only pass."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module

from silkcast.ground.money import Money

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


def check_all(market: Market, given: Mapping[str, str], goods: Money) -> dict[str, str]:
    """The numbers as they are written down, by code: all that are needed, none that is not asked for."""
    found = {code: check(find(market, code), text) for code, text in given.items() if text.strip()}
    for one in market.recipient:
        if one.code not in found and one.is_needed(goods):
            raise BadRecipientNumber(one.code, "required")
    return found


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

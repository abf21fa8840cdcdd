# SPDX-License-Identifier: Apache-2.0
"""What a shop must say of itself, and what is right."""

from __future__ import annotations

import re
from decimal import Decimal

from silkcast.ground.language import Words
from silkcast.ground.places import COUNTRIES, Address
from silkcast.ground.slug import is_slug

from .errors import BadShop
from .values import CustomsIdentity, NewSeller

RESERVED = frozenset(
    "api desk studio live static files health metrics hooks login account shop shops s".split()
)
"""Words that stand in our own addresses."""

_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TRADE_CODE = re.compile(r"[0-9]{5}[0-9A-Z]{5}")


def check(shop: NewSeller) -> None:
    """Refuse what cannot be right, the first field that is wrong."""
    if not is_slug(shop.slug):
        raise BadShop("slug", "not_a_slug")
    if shop.slug in RESERVED:
        raise BadShop("slug", "reserved")
    check_words("name", shop.name, longest=80)
    check_words("story", shop.story, longest=2000)
    check_text("city", shop.city, longest=80)
    check_text("legal_name", shop.legal_name, longest=100)
    if shop.country not in COUNTRIES:
        raise BadShop("country", "unknown")
    check_address("return_address", shop.return_address)
    check_customs(shop.customs)


def check_text(field: str, text: str, *, longest: int) -> None:
    if not text.strip():
        raise BadShop(field, "empty")
    if len(text) > longest:
        raise BadShop(field, "too_long")


def check_words(field: str, words: Words, *, longest: int) -> None:
    for text in words.by_language.values():
        check_text(field, text, longest=longest)


def check_address(field: str, address: Address) -> None:
    """That a parcel could find it; the country's own rules are asked at the face."""
    if address.country not in COUNTRIES:
        raise BadShop(f"{field}.country", "unknown")
    for part in ("name", "street", "city"):
        check_text(f"{field}.{part}", getattr(address, part), longest=120)


def check_customs(identity: CustomsIdentity) -> None:
    """Shape and check digit; whether it is registered only customs can tell."""
    if identity.trade_code and not _TRADE_CODE.fullmatch(identity.trade_code):
        raise BadShop("customs.trade_code", "shape")
    if identity.uscc and not is_uscc(identity.uscc):
        raise BadShop("customs.uscc", "check_digit")
    if len(identity.ebc_code) > 18:
        raise BadShop("customs.ebc_code", "too_long")
    if len(identity.ebc_name) > 100:
        raise BadShop("customs.ebc_name", "too_long")
    if bool(identity.ebc_code) != bool(identity.ebc_name):
        raise BadShop("customs.ebc_name", "code_and_name_go_together")


def is_uscc(code: str) -> bool:
    """GB 32100: seventeen signs of base 31, weighted by powers of three, and a check sign."""
    if len(code) != 18 or any(sign not in _USCC_SIGNS for sign in code):
        return False
    weighted = sum(_USCC_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return _USCC_SIGNS[-weighted % 31] == code[17]


def check_commission(rate: Decimal) -> Decimal:
    """A share of the goods' price: from nothing to a half."""
    if not rate.is_finite() or not 0 <= rate <= Decimal("0.5") or rate != round(rate, 4):
        raise BadShop("commission_rate", "out_of_range")
    return rate

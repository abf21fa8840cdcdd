# SPDX-License-Identifier: Apache-2.0
"""Item numbers: S10 for the post, ten digits and a check for the express line."""

from __future__ import annotations

from collections.abc import Callable

S10 = (8, 6, 4, 2, 3, 5, 9, 7)


def post_number(country: str, new_code: Callable[[int], str]) -> str:
    """LX12345678?CN: the check digit is 11 less the weighted sum by 11; 10 gives 0 and 11 gives 5."""
    serial = new_code(8)
    check = 11 - sum(int(digit) * weight for digit, weight in zip(serial, S10, strict=True)) % 11
    return f"LX{serial}{ {10: 0, 11: 5}.get(check, check) }{country}"


def express_number(new_code: Callable[[int], str]) -> str:
    """EX, ten digits, and their weighted sum by 9."""
    serial = new_code(10)
    return f"EX{serial}{sum(int(digit) * place for place, digit in enumerate(serial, start=2)) % 9}"

# SPDX-License-Identifier: Apache-2.0
"""Places: countries and addresses. A country is an ISO 3166-1 alpha-2 code in capitals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

Country = NewType("Country", str)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person or a warehouse is. Personal: encrypted at rest, never logged."""

    country: Country
    name: str
    street: str
    city: str
    postcode: str = ""
    region: str = ""
    district: str = ""
    company: str = ""
    phone: str = ""
    """E.164, with the plus."""

    def __repr__(self) -> str:
        return f"Address({self.country}, …)"

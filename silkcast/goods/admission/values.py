# SPDX-License-Identifier: Apache-2.0
"""What admission is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Literal

from silkcast.ground.ids import AppealId, FileId, ProductId, SellerId, UserId
from silkcast.ground.places import Country

What = Literal["goods", "claim"]
Effect = Literal["barred", "papers", "warn"]
Standing = Literal["admitted", "papers_needed", "barred"]
Mark = Literal["verified", "knowledge", "ours"]
Where = Literal["name", "material", "option", "description"]
Kind = Literal["category", "hs", "attribute", "keyword"]
Decision = Literal["admit", "bar"]
AppealState = Literal["open", "admitted", "refused"]

REASONS = frozenset(
    """adult alcohol animal_products beef below_price biosecurity boycott chewing_gum child_goods
    claim_cure claim_slimming claim_superlative claim_whitening conformity cosmetics cotton_origin
    counterfeit drones drugs electric_goods encryption explosives food gambling halal
    hate imitation_weapon label laser lgbt lithium_post map marking medical_device medicine
    mobile_phone monarchy nazi obscene plants plastic_bags pork publication radio religious_goods
    religious_images ruling spy_device state_symbols supplements textile_ban tobacco toy_mark
    used_clothes used_goods vape weapon wildlife""".split()
)
"""Every reason there is; the pages have words for each (`faces/admission_words.py`)."""

PAPERS = frozenset(
    """age_check battery_test conformity cosmetics_registration encryption_notice food_registration
    halal_certificate health_certificate import_permit label licence marking_codes
    medical_registration origin_proof phone_registration phytosanitary radio_approval
    toy_certificate""".split()
)
"""Every kind of paper a row may ask for."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a product: where it stands and in which language it was written down."""

    where: Where
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Goods:
    """A product as admission needs to know it."""

    hs_code: str
    origin: str
    has_battery: bool
    texts: tuple[Text, ...]
    product: ProductId | None = None

    @property
    def digest(self) -> bytes:
        """The same while nothing changes that a verdict is about."""
        seen = blake2b(digest_size=16, person=b"silkcast.goods")
        for part in (self.hs_code, self.origin, str(self.has_battery)):
            seen.update(part.encode() + b"\0")
        for one in sorted((text.where, text.language, text.text) for text in self.texts):
            seen.update("\1".join(one).encode() + b"\0")
        return seen.digest()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a row was found by: the category with the word, the HS prefix, the attribute."""

    kind: Kind
    matched: str
    where: Where | None = None
    language: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What a row looks for; one of all that is given is enough."""

    categories: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    has_keywords: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What the law (or the house) says of some goods in a market."""

    code: str
    what: What
    match: Match
    only: Match | None
    """What must be found besides."""
    except_hs: tuple[str, ...]
    whole_text: bool
    """A word in the description alone is as good as one in the name."""
    effect: Effect
    papers: tuple[str, ...]
    reason: str
    law: str
    """The law's name as it is, in its own words."""
    source: str
    mark: Mark
    valid_from: date
    valid_to: date | None
    file: str
    """The pack whose file it stands in: `SA`, `EU`."""

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that speaks for a product, and by what it was found. `effect` may be milder than the row's."""

    row: Row
    effect: Effect
    evidence: tuple[Evidence, ...]

    @property
    def code(self) -> str:
        return self.row.code


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's decision about a product in a market."""

    product: ProductId
    market: Country
    decision: Decision
    rows: tuple[str, ...]
    """The findings it was made about."""
    reason: str
    until: date
    digest: bytes
    by: UserId | None
    at: datetime
    paper: FileId | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a product stands in a market on a day, with all that was found."""

    market: Country
    standing: Standing
    findings: tuple[Finding, ...] = ()
    ruling: Ruling | None = None
    """The ruling that counts; none if none does."""
    outdated: Ruling | None = None
    """A ruling that was about the product as it was before."""

    @property
    def is_admitted(self) -> bool:
        return self.standing == "admitted"

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that make the standing; none where a person made it."""
        effect = {"barred": "barred", "papers_needed": "papers"}.get(self.standing)
        return tuple(one for one in self.findings if one.effect == effect)

    @property
    def reason(self) -> str:
        """The key of the first reason; `ruling` where a person barred it."""
        if self.is_admitted:
            return ""
        return self.deciding[0].row.reason if self.deciding else "ruling"

    @property
    def papers(self) -> tuple[str, ...]:
        """Kinds of papers that would be needed."""
        return tuple(dict.fromkeys(kind for one in self.findings for kind in one.row.papers))


@dataclass(frozen=True, slots=True)
class Appeal:
    """A seller asks for a ruling. `digest` is of the product as it was then."""

    id: AppealId
    product: ProductId
    seller: SellerId
    market: Country
    name: str
    """The product's name, for lists and search."""
    rows: tuple[str, ...]
    words: str
    paper: FileId | None
    paper_type: str
    digest: bytes
    state: AppealState
    asked_at: datetime
    answer: str = ""
    until: date | None = None
    decided_at: datetime | None = None
    decided_by: UserId | None = None

# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from silkcast.faces.api.answering import BadField
from silkcast.goods.catalog import values as catalog
from silkcast.goods.pricing.values import Price as OwnPrice
from silkcast.goods.stock.values import Level as OwnLevel
from silkcast.ground.ids import FileId
from silkcast.ground.language import Words
from silkcast.ground.places import Country
from silkcast.ground.quantity import Size, Weight

from .money import Amount


def words(by_language: dict[str, str], field: str) -> Words:
    kept = {language: text for language, text in by_language.items() if text.strip()}
    if not kept:
        raise BadField(field, "empty")
    return Words(kept)


def told(found: Words | None) -> dict[str, str]:
    return dict(found.by_language) if found else {}


@dataclass(frozen=True, slots=True)
class Box:
    """The size of a packed unit, in millimetres."""

    length_mm: int
    width_mm: int
    height_mm: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing that can be bought. Its SKU tells which one it is when the product is revised."""

    id: UUID
    sku: str
    options: dict[str, dict[str, str]]
    net_grams: int
    gross_grams: int
    size: Box
    unit_code: str


@dataclass(frozen=True, slots=True)
class NewVariant:
    """A variant to be written down. `options` by name, then by language: `{"colour": {"en": "Celadon"}}`."""

    sku: str
    net_grams: int
    gross_grams: int
    size: Box
    options: dict[str, dict[str, str]] = field(default_factory=dict)
    unit_code: str = "011"

    def own(self, place: str) -> catalog.NewVariant:
        try:
            return catalog.NewVariant(
                sku=self.sku,
                net=Weight(self.net_grams),
                gross=Weight(self.gross_grams),
                size=Size(self.size.length_mm, self.size.width_mm, self.size.height_mm),
                options={name: words(by, f"{place}.options") for name, by in self.options.items()},
                unit_code=self.unit_code,
            )
        except ValueError:
            raise BadField(place, "weight_or_size") from None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product; `alt` says by language what it shows."""

    file: UUID
    alt: dict[str, str]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Restriction:
    """A market the product is not sold to, and why: a code."""

    market: str
    reason: str


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the shop. `version` is also its ETag; names and descriptions are by language."""

    id: UUID
    slug: str
    status: str
    version: int
    names: dict[str, str]
    descriptions: dict[str, str]
    material: dict[str, str]
    hs_code: str
    hs_edition: str
    origin: str
    has_battery: bool
    variants: list[Variant]
    pictures: list[Picture]
    restrictions: list[Restriction]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, found: catalog.Product) -> "Product":
        return cls(
            id=found.id,
            slug=found.slug,
            status=found.status,
            version=found.version,
            names=told(found.names),
            descriptions=told(found.descriptions),
            material=told(found.material),
            hs_code=found.hs_code,
            hs_edition=found.hs_edition,
            origin=found.origin,
            has_battery=found.has_battery,
            variants=[_variant(one) for one in found.variants],
            pictures=[Picture(one.file, told(one.alt), one.width, one.height) for one in found.pictures],
            restrictions=[Restriction(one.market, one.reason) for one in found.restrictions],
            created_at=found.created_at,
            updated_at=found.updated_at,
        )


def _variant(found: catalog.Variant) -> Variant:
    size = found.size
    return Variant(
        id=found.id,
        sku=found.sku,
        options={name: told(by) for name, by in found.options.items()},
        net_grams=found.net.grams,
        gross_grams=found.gross.grams,
        size=Box(size.length_mm, size.width_mm, size.height_mm),
        unit_code=found.unit_code,
    )


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product to be written down, or what it shall say from now on."""

    slug: str
    names: dict[str, str]
    hs_code: str
    origin: str
    variants: list[NewVariant]
    descriptions: dict[str, str] = field(default_factory=dict)
    material: dict[str, str] = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)
    restrictions: list[Restriction] = field(default_factory=list)
    hs_edition: str = "2022"
    has_battery: bool = False

    def own(self) -> catalog.NewProduct:
        return catalog.NewProduct(
            slug=self.slug,
            names=words(self.names, "names"),
            hs_code=self.hs_code,
            origin=Country(self.origin),
            variants=tuple(one.own(f"variants.{index}") for index, one in enumerate(self.variants)),
            descriptions=words(self.descriptions, "descriptions") if self.descriptions else None,
            material=words(self.material, "material") if self.material else None,
            pictures=tuple(
                catalog.Picture(FileId(one.file), words(one.alt, "pictures.alt"), one.width, one.height)
                for one in self.pictures
            ),
            restrictions=tuple(
                catalog.Restriction(Country(one.market), one.reason) for one in self.restrictions
            ),
            hs_edition=self.hs_edition,
            has_battery=self.has_battery,
        )


@dataclass(frozen=True, slots=True)
class ProductList:
    """Products, the newest first. `next` is the cursor of the next page, or null."""

    items: list[Product]
    next: str | None


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs in a market, before freight, duty and tax, and since when."""

    variant: UUID
    market: str
    price: Amount
    since: datetime

    @classmethod
    def of(cls, found: OwnPrice) -> "Price":
        return cls(found.variant, found.market, Amount.of(found.amount), found.since)


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of a product's variants in every market that has one."""

    items: list[Price]


@dataclass(frozen=True, slots=True)
class Level:
    """How many units of a variant lie in a warehouse, and how many of them are held for somebody."""

    variant: UUID
    warehouse: UUID
    on_hand: int
    held: int
    free: int

    @classmethod
    def of(cls, found: OwnLevel) -> "Level":
        return cls(found.variant, found.warehouse, found.on_hand, found.held, found.free)


@dataclass(frozen=True, slots=True)
class LevelList:
    """Levels, variant by variant and warehouse by warehouse."""

    items: list[Level]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Units that have arrived in a warehouse."""

    variant: UUID
    warehouse: UUID
    units: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A correction after a count: `change` is signed. Never below what is held."""

    variant: UUID
    warehouse: UUID
    change: int
    why: str


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A place where goods lie and parcels start."""

    id: UUID
    name: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class WarehouseList:
    """The shop's warehouses, the oldest first."""

    items: list[Warehouse]

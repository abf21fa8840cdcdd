# SPDX-License-Identifier: Apache-2.0
"""What must be right of a product, always and before it is listed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from silkcast.ground.language import Words
from silkcast.ground.places import COUNTRIES
from silkcast.ground.slug import is_slug

from .errors import BadProduct, NotReady
from .values import Fault, NewProduct, NewVariant, Picture, Product

LONGEST_NAME = 120
LONGEST_TEXT = 5000
LONGEST_ALT = 300
MOST_VARIANTS = 100
MOST_PICTURES = 12
HEAVIEST = 100_000
"""Grams of a parcel no carrier here would take."""
LONGEST_SIDE = 3_000
"""Millimetres."""
_HS_CODE = re.compile(r"[0-9]{6,10}")
_HS_EDITION = re.compile(r"20[0-9]{2}")
_SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
_OPTION = re.compile(r"[a-z][a-z0-9_]{0,29}")
_UNIT = re.compile(r"[0-9]{3}")
_REASON = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check(product: NewProduct) -> None:
    """Refuse what cannot be right, in a draft too, with every fault there is."""
    if faults := tuple(_faults(product)):
        raise BadProduct(faults)


def check_ready(product: Product | NewProduct) -> None:
    """Refuse to list what a buyer in another country could not read or see, or not buy."""
    faults = []
    if len(product.names.by_language) < 2:
        faults.append(Fault("names", "two_languages"))
    if not product.pictures:
        faults.append(Fault("pictures", "none"))
    if not product.variants:
        faults.append(Fault("variants", "none"))
    if faults:
        raise NotReady(tuple(faults))


def check_picture(picture: Picture) -> None:
    if faults := tuple(_picture_faults("picture", picture)):
        raise BadProduct(faults)


def _faults(product: NewProduct) -> Iterator[Fault]:
    if not is_slug(product.slug):
        yield Fault("slug", "not_a_slug")
    yield from _word_faults("names", product.names, LONGEST_NAME)
    yield from _word_faults("descriptions", product.descriptions, LONGEST_TEXT)
    yield from _word_faults("material", product.material, LONGEST_NAME)
    if not _HS_CODE.fullmatch(product.hs_code):
        yield Fault("hs_code", "shape")
    if not _HS_EDITION.fullmatch(product.hs_edition):
        yield Fault("hs_edition", "shape")
    if product.origin not in COUNTRIES:
        yield Fault("origin", "unknown")
    yield from _variants_faults(product.variants)
    if len(product.pictures) > MOST_PICTURES:
        yield Fault("pictures", "too_many")
    for number, picture in enumerate(product.pictures):
        yield from _picture_faults(f"pictures.{number}", picture)
    for number, restriction in enumerate(product.restrictions):
        if restriction.market not in COUNTRIES:
            yield Fault(f"restrictions.{number}.market", "unknown")
        if not _REASON.fullmatch(restriction.reason):
            yield Fault(f"restrictions.{number}.reason", "shape")


def _word_faults(field: str, words: Words | None, longest: int) -> Iterator[Fault]:
    for language, text in words.by_language.items() if words else ():
        if not text.strip():
            yield Fault(f"{field}.{language}", "empty")
        if len(text) > longest:
            yield Fault(f"{field}.{language}", "too_long")


def _variants_faults(variants: tuple[NewVariant, ...]) -> Iterator[Fault]:
    if len(variants) > MOST_VARIANTS:
        yield Fault("variants", "too_many")
    skus = Counter(variant.sku for variant in variants)
    kinds = Counter(_kind(variant) for variant in variants)
    axes = {tuple(sorted(variant.options)) for variant in variants}
    if len(axes) > 1:
        yield Fault("variants", "options_differ")
    for number, variant in enumerate(variants):
        field = f"variants.{number}"
        yield from _variant_faults(field, variant)
        if skus[variant.sku] > 1:
            yield Fault(f"{field}.sku", "twice")
        if kinds[_kind(variant)] > 1:
            yield Fault(f"{field}.options", "twice")


def _kind(variant: NewVariant) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, words.text("en")) for name, words in variant.options.items()))


def _variant_faults(field: str, variant: NewVariant) -> Iterator[Fault]:
    if not _SKU.fullmatch(variant.sku):
        yield Fault(f"{field}.sku", "shape")
    if not 0 < variant.net.grams <= HEAVIEST:
        yield Fault(f"{field}.net", "out_of_range")
    if not 0 < variant.gross.grams <= HEAVIEST:
        yield Fault(f"{field}.gross", "out_of_range")
    elif variant.gross < variant.net:
        yield Fault(f"{field}.gross", "below_net")
    if max(variant.size.length_mm, variant.size.width_mm, variant.size.height_mm) > LONGEST_SIDE:
        yield Fault(f"{field}.size", "out_of_range")
    if not _UNIT.fullmatch(variant.unit_code):
        yield Fault(f"{field}.unit_code", "shape")
    for name, words in variant.options.items():
        if not _OPTION.fullmatch(name):
            yield Fault(f"{field}.options.{name}", "shape")
        yield from _word_faults(f"{field}.options.{name}", words, LONGEST_NAME)


def _picture_faults(field: str, picture: Picture) -> Iterator[Fault]:
    if min(picture.width, picture.height) <= 0:
        yield Fault(field, "no_size")
    yield from _word_faults(f"{field}.alt", picture.alt, LONGEST_ALT)

# SPDX-License-Identifier: Apache-2.0
"""Forms: what a seller typed, as the values that the doors ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict

from silkcast.goods.catalog.values import NewProduct, NewVariant, Picture, Product, Restriction
from silkcast.ground.ids import FileId
from silkcast.ground.language import ENGLISH, Language, Words
from silkcast.ground.places import Address, Country
from silkcast.ground.quantity import Size, Weight
from silkcast.ground.slug import slug_of
from silkcast.plumbing import tongues
from silkcast.who.sellers.values import CustomsIdentity, NewSeller

from .views import OptionDraft, VariantDraft

Form = Mapping[str, str]
MOST_ROWS = 40


async def form_of(request: Request[Any, Any, Any]) -> FormMultiDict:
    return await request.form()


def texts(form: FormMultiDict) -> dict[str, str]:
    """The plain fields, without spaces at the ends."""
    return {name: value.strip() for name, value in form.multi_items() if isinstance(value, str)}


def chosen(form: FormMultiDict, name: str) -> list[str]:
    """Every value of a field that may be ticked more than once."""
    return [value for value in form.getall(name, []) if isinstance(value, str)]


def words(form: Form, name: str, before: Words | None = None) -> Words | None:
    """`name-en`, `name-zh` …; what was said before in a language that the form has not is kept."""
    found = dict(before.by_language) if before else {}
    for language in tongues.spoken():
        given = form.get(f"{name}-{language}")
        if given is not None:
            found.pop(language, None)
            if given:
                found[language] = given
    return Words(found) if found else None


def by_language(given: Words | None) -> dict[str, str]:
    return {language: given.by_language.get(language, "") if given else "" for language in tongues.spoken()}


def whole(text: str, otherwise: int = 0) -> int:
    """A whole number as typed, Arabic figures too."""
    try:
        return int(text.replace("\u202f", "").replace(" ", "").replace(",", ""))
    except ValueError:
        return otherwise


def decimal(text: str) -> Decimal | None:
    """An amount as typed: 1,234.50 and 1234,50 alike. None where it is no number."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace("٫", ".").replace("٬", "")
    if "," in plain and "." not in plain and re.fullmatch(r"[^,]*,[^,]{1,2}", plain):
        plain = plain.replace(",", ".")
    try:
        found = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def variant_drafts(form: Form, axes: Sequence[str]) -> Iterator[VariantDraft]:
    """The rows of variants that were filled in, in their order."""
    for number in range(MOST_ROWS):
        row = f"v{number}"
        sku = form.get(f"{row}-sku", "")
        if not sku:
            continue
        options = [
            OptionDraft(axis, {one: form.get(f"{row}-o{place}-{one}", "") for one in ("en", "zh")})
            for place, axis in enumerate(axes)
        ]
        given = {
            name: form.get(f"{row}-{name}", "") for name in ("net", "gross", "length", "width", "height")
        }
        yield VariantDraft(sku, options, **given, unit=form.get(f"{row}-unit", "") or "011")


def new_variant(draft: VariantDraft, before: Mapping[str, Words]) -> NewVariant:
    """Options keep the words of languages that the form does not show, while the English stays the same."""
    options: dict[str, Words] = {}
    for option in draft.options:
        said = {language: text for language, text in option.words.items() if text}
        known = before.get(option.name)
        if known is not None and known.by_language.get("en") == said.get("en"):
            said = {**known.by_language, **said}
        if said:
            options[option.name] = Words(said)
    return NewVariant(
        sku=draft.sku,
        net=Weight(max(0, whole(draft.net))),
        gross=Weight(max(0, whole(draft.gross))),
        size=Size(*(max(1, whole(side)) for side in (draft.length, draft.width, draft.height))),
        options=options,
        unit_code=draft.unit,
    )


def axes_of(form: Form) -> list[str]:
    """What variants differ by: `colour`, `size`; at most two."""
    given = [slug_of(form.get(name, "")).replace("-", "_") for name in ("axis0", "axis1")]
    return [axis for axis in given if axis]


def new_product(
    form: Form, drafts: Sequence[VariantDraft], before: Product | None, markets: Sequence[str], id: str
) -> NewProduct:
    names = words(form, "name", before.names if before else None) or Words({"en": ""})
    known = {one.sku: one.options for one in before.variants} if before else {}
    reasons = {market: form.get(f"not-{market}", "") for market in markets}
    kept = [one for one in before.restrictions if one.market not in reasons] if before else []
    return NewProduct(
        slug=before.slug if before else _slug(names, id),
        names=names,
        hs_code=form.get("hs_code", "").replace(".", "").replace(" ", ""),
        origin=Country(form.get("origin", "")),
        variants=tuple(new_variant(draft, known.get(draft.sku, {})) for draft in drafts),
        descriptions=words(form, "description", before.descriptions if before else None),
        material=words(form, "material", before.material if before else None),
        pictures=_pictures(form, before),
        restrictions=(*kept, *(Restriction(Country(one), why) for one, why in reasons.items() if why)),
        has_battery=bool(form.get("has_battery")),
    )


def _pictures(form: Form, before: Product | None) -> tuple[Picture, ...]:
    """Those that stay, the one made first in front, each with its words."""
    found = []
    for picture in before.pictures if before else ():
        if form.get(f"drop-{picture.file}"):
            continue
        alt = form.get(f"alt-{picture.file}")
        said = Words({**picture.alt.by_language, "en": alt}) if alt else picture.alt
        found.append(Picture(picture.file, said, picture.width, picture.height))
    first = form.get("first", "")
    return tuple(sorted(found, key=lambda one: str(one.file) != first))


def _slug(names: Words, id: str) -> str:
    plain = slug_of(names.text("en"))[:48].strip("-")
    return f"{plain}-{id[-6:]}" if plain else f"item-{id[-6:]}"


def address(form: Form, name: str = "") -> Address:
    return Address(
        country=Country(form.get("country", "")),
        name=form.get("contact", "") or name,
        street=form.get("street", ""),
        city=form.get("city", ""),
        postcode=form.get("postcode", ""),
        region=form.get("region", ""),
        district=form.get("district", ""),
        company=form.get("company", ""),
        phone=form.get("phone", "").replace(" ", ""),
    )


def new_seller(form: Form, avatar: FileId | None) -> NewSeller:
    name = words(form, "name") or Words({"en": ""})
    trade, uscc = form.get("trade_code", "").upper(), form.get("uscc", "").upper()
    return NewSeller(
        slug=form.get("slug", "") or slug_of(name.text("en")),
        name=name,
        story=words(form, "story") or name,
        city=form.get("city", ""),
        country=Country(form.get("country", "")),
        legal_name=form.get("legal_name", ""),
        return_address=address(form, form.get("legal_name", "")),
        customs=CustomsIdentity(
            trade, uscc, trade or uscc, form.get("ebc_name", "") if trade or uscc else ""
        ),
        avatar=avatar,
    )


def spoken(language: str) -> Language:
    return tongues.nearest(language) or ENGLISH

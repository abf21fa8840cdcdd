# SPDX-License-Identifier: Apache-2.0
"""Address: the form of a country, read, checked field by field, and shown again with what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop.basket import Receiver
from silkcast.faces.shop.buy_views import AddressView
from silkcast.faces.shop.views import AskedField
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_
from silkcast.ground.places import Address
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import BadAddress, BadPhone
from silkcast.who.markets.values import Market

LABELS = {
    "name": N_("Full name"),
    "street": N_("Street and number"),
    "district": N_("District"),
    "city": N_("City"),
    "region": N_("State or region"),
    "postcode": N_("Postcode"),
}
NEEDED = N_("This is needed.")
WRONG = {
    "required": NEEDED,
    "invalid": N_("This is not one there is in this country."),
    "too_long": N_("This is too long."),
}
AUTOCOMPLETE = {
    "name": "name",
    "street": "street-address",
    "district": "address-level3",
    "city": "address-level2",
    "region": "address-level1",
    "postcode": "postal-code",
}
HALF = ("postcode", "city", "district", "region")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def view(
    visit: Visit,
    market: Market,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    *,
    action: str,
    back: str,
    problem: str = "",
) -> AddressView:
    """The form as the country writes it, with what was typed and what is wrong with it."""
    _ = catalog(visit.language).gettext
    fields = [
        AskedField(
            name=field.name,
            label=_(LABELS[field.name]),
            value=typed.get(field.name, ""),
            kind="select" if field.choices else "text",
            wrong=wrong.get(field.name, ""),
            is_required=field.is_required,
            options=(("", _("Choose")), *field.choices) if field.choices else (),
            autocomplete=AUTOCOMPLETE[field.name],
            is_whole=field.name not in HALF,
        )
        for field in markets.address_form(market.code)
    ]
    fields += [
        _contact("phone", "tel", _("Phone"), typed, wrong, lead=market.phone_prefix),
        _contact(
            "email",
            "email",
            _("E-mail"),
            typed,
            wrong,
            hint=_("For the link to your order."),
        ),
    ]
    return AddressView(market.code, fields, action, back, problem)


def _contact(
    name: str,
    kind: Literal["tel", "email"],
    label: str,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    *,
    lead: str = "",
    hint: str = "",
) -> AskedField:
    return AskedField(
        name=name,
        label=label,
        value=typed.get(name, ""),
        kind=kind,
        wrong=wrong.get(name, ""),
        hint=hint,
        is_required=name == "phone",
        lead=lead,
        autocomplete="tel-national" if name == "phone" else "email",
        inputmode=kind,
    )


def read(typed: Mapping[str, str], market: Market, visit: Visit) -> tuple[Receiver | None, dict[str, str]]:
    """The receiver, or what is wrong with each field."""
    _ = catalog(visit.language).gettext
    wrong = {
        field.name: _(NEEDED)
        for field in markets.address_form(market.code)
        if field.is_required and not typed.get(field.name, "").strip()
    }
    email = typed.get("email", "").strip()
    if email and _EMAIL.fullmatch(email) is None:
        wrong["email"] = _("Give an address like name@example.com.")
    phone = typed.get("phone", "").strip()
    if not phone:
        wrong["phone"] = _(NEEDED)
    if wrong:
        return None, wrong
    names = ("name", "street", "district", "city", "region", "postcode")
    given = {name: typed.get(name, "").strip() for name in names}
    try:
        address = markets.check_address(Address(country=market.code, phone=phone, **given), market)
    except BadAddress as refusal:
        field = refusal.field if refusal.field in LABELS else "street"
        return None, {field: _(WRONG.get(refusal.fault, WRONG["invalid"]))}
    except BadPhone as refusal:
        return None, {"phone": words_of(refusal, visit.language)}
    return Receiver(address, email), {}


def typed_from(receiver: Receiver | None) -> dict[str, str]:
    """The fields of what was typed before."""
    if receiver is None:
        return {}
    where = receiver.address
    return {
        "name": where.name,
        "street": where.street,
        "district": where.district,
        "city": where.city,
        "region": where.region,
        "postcode": where.postcode,
        "phone": where.phone,
        "email": receiver.email,
    }

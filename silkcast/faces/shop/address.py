# SPDX-License-Identifier: Apache-2.0
"""Address: the form of a country, read, checked field by field, and shown again with what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from silkcast.faces.format import Format
from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop.basket import NUMBER, Receiver
from silkcast.faces.shop.buy_views import AddressView
from silkcast.faces.shop.views import AskedField
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_
from silkcast.ground.places import Address
from silkcast.trade.orders import receiving
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import BadAddress, BadPhone, BadRecipientNumber
from silkcast.who.markets.values import FormField, Market, RecipientNumber

LABELS = {
    "name": N_("Full name"),
    "street": N_("Street and number"),
    "district": N_("District"),
    "city": N_("City"),
    "region": N_("State or region"),
    "postcode": N_("Postcode"),
}
CALLED = {
    "region": {
        "area": N_("Area"),
        "county": N_("County"),
        "department": N_("Department"),
        "do_si": N_("Province or city"),
        "emirate": N_("Emirate"),
        "oblast": N_("Region"),
        "prefecture": N_("Prefecture"),
        "province": N_("Province"),
        "state": N_("Federal state"),
    },
    "city": {"district": N_("District"), "post_town": N_("Town"), "suburb": N_("Suburb")},
    "district": {
        "neighborhood": N_("Neighbourhood"),
        "townland": N_("Townland"),
        "village_township": N_("Village or township"),
    },
    "postcode": {"eircode": N_("Eircode"), "pin": N_("PIN code"), "zip": N_("ZIP code")},
}
"""What a country calls a field, where that is not the usual word."""
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
NUMBER_NAMES = {
    "PCCC": N_("Personal customs code (PCCC)"),
    "CPF": N_("Taxpayer number (CPF)"),
    "CUIT": N_("Taxpayer number (CUIT)"),
    "RUT": N_("Identity number (RUT)"),
    "NIK": N_("Identity number (NIK)"),
    "CC": N_("Citizen card number (CC)"),
    "DNI": N_("Identity number (DNI)"),
    "INN": N_("Taxpayer number (INN)"),
    "PAN": N_("Taxpayer number (PAN)"),
    "RFC": N_("Taxpayer number (RFC)"),
    "TCKN": N_("Identity number (TCKN)"),
    "ZA_ID": N_("Identity number"),
    "CN_ID": N_("Resident identity number"),
}
WRONG_NUMBER = N_("This number cannot be right. Look for a wrong or missing figure.")
TAIL = "tail_"
NOTHING: Mapping[str, str] = {}
HALF = ("postcode", "city", "district", "region")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def label_of(field: FormField) -> str:
    """The word for a field in its country: the emirate, the prefecture, the ZIP code."""
    return CALLED.get(field.name, {}).get(field.called, LABELS[field.name])


def view(
    visit: Visit,
    market: Market,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    *,
    action: str,
    back: str,
    problem: str = "",
    keep_days: int,
) -> AddressView:
    """The form as the country writes it, with what was typed and what is wrong with it."""
    words = catalog(visit.language)
    _ = words.gettext
    fields = [
        AskedField(
            name=field.name,
            label=_(label_of(field)),
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
        *number_fields(visit, market, typed, wrong),
    ]
    why = N_("Customs asks who receives a parcel. Only customs and the carrier get this number.")
    kept = words.ngettext(
        "It is shown nowhere whole, and deleted %(num)s day after the delivery.",
        "It is shown nowhere whole, and deleted %(num)s days after the delivery.",
        keep_days,
    )
    return AddressView(
        market.code,
        fields,
        action,
        back,
        problem,
        why_number=f"{_(why)} {kept % {'num': Format.of(visit).number_text(keep_days)}}"
        if market.recipient
        else "",
    )


def number_fields(
    visit: Visit, market: Market, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> list[AskedField]:
    """What customs there asks the receiver for. One that is known is not shown: left empty, it stays."""
    words = catalog(visit.language)
    made = []
    for asked in market.recipient:
        name = NUMBER + asked.code
        known = typed.get(TAIL + asked.code, "")
        made.append(
            AskedField(
                name=name,
                label=number_name(asked.code, visit.language),
                value=typed.get(name, ""),
                kind="number",
                wrong=wrong.get(name, ""),
                hint=words.gettext("Known: ends in %(tail)s. Leave it empty to keep it.") % {"tail": known}
                if known
                else shape_words(asked, visit),
                is_required=asked.asked == "always" and not known,
                autocomplete="off",
                inputmode="numeric" if asked.hint.isdigit() else "text",
            )
        )
    return made


def number_name(code: str, language: str) -> str:
    """What people there call it; a code nobody has words for is its own name."""
    return catalog(language).gettext(NUMBER_NAMES[code]) if code in NUMBER_NAMES else code


def shape_words(asked: RecipientNumber, visit: Visit) -> str:
    """How it looks: `11 digits`, `P + 12`."""
    if not asked.hint.isdigit():
        return asked.hint
    words = catalog(visit.language)
    count = int(asked.hint)
    said = words.ngettext("%(num)s digit", "%(num)s digits", count)
    return said % {"num": Format.of(visit).number_text(count)}


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


def read(
    typed: Mapping[str, str], market: Market, visit: Visit, known: Mapping[str, str] = NOTHING
) -> tuple[Receiver | None, dict[str, str]]:
    """The receiver, or what is wrong with each field. `known`: numbers that were given before."""
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
    numbers, wrong_numbers = read_numbers(typed, market, visit, known)
    wrong |= wrong_numbers
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
    return Receiver(address, email, numbers), {}


def read_numbers(
    typed: Mapping[str, str], market: Market, visit: Visit, known: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The numbers customs asks for, and what is wrong with which field."""
    _ = catalog(visit.language).gettext
    numbers, wrong = {}, {}
    for asked in market.recipient:
        name = NUMBER + asked.code
        text = typed.get(name, "").strip() or known.get(asked.code, "")
        if not text:
            if asked.asked == "always":
                wrong[name] = _(NEEDED)
            continue
        try:
            numbers[asked.code] = markets.check_recipient_number(asked, text)
        except BadRecipientNumber:
            wrong[name] = _(WRONG_NUMBER)
    return numbers, wrong


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
        **tails_of(receiver.numbers),
    }


def tails_of(numbers: Mapping[str, str]) -> dict[str, str]:
    """What the form may say of numbers that are known."""
    return {TAIL + code: receiving.tail(number) for code, number in numbers.items()}

# SPDX-License-Identifier: Apache-2.0
"""The fields of registering, each with what was wrong about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop.views import AskedField
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.ground.refusals import Refusal

ABOUT = {
    "identity.bad_contact": "contact",
    "identity.not_textable": "contact",
    "identity.weak_password": "password",
    "identity.bad_name": "name",
}
DEMO: Sequence[tuple[str, str]] = ()
"""The demo's log-ins, as the log-in page shows them."""


def register_fields(visit: Visit, said: Mapping[str, str], refusal: Refusal | None) -> tuple[AskedField, ...]:
    _ = catalog(visit.language).gettext
    about = ABOUT.get(refusal.code, "") if refusal else ""
    wrong = {about: words_of(refusal, visit.language)} if refusal and about else {}
    return (
        AskedField(
            "name", _("Your name"), said.get("name", ""), wrong=wrong.get("name", ""), autocomplete="name"
        ),
        AskedField(
            "contact",
            _("E-mail or phone"),
            said.get("contact", ""),
            wrong=wrong.get("contact", ""),
            hint=_("A phone number begins with its country: +86, +33 …"),
            autocomplete="username",
        ),
        AskedField(
            "password",
            _("Password"),
            wrong=wrong.get("password", ""),
            hint=_("At least 10 characters."),
        ),
    )

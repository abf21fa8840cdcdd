# SPDX-License-Identifier: Apache-2.0
"""What several markets share: rule sets that stand once, to which each market adds its own rows."""

from __future__ import annotations

from typing import Any

from .reader.shape import Place

Doc = dict[str, Any]
ROW_KEYS = ("name", "when", "lines", "base", "share", "collected_by")


def joined(own: Place, shared: Place) -> Doc:
    """The document of a market as it would stand if it shared nothing.

    `own` adds rows by the name of a component. Where the shared component says `each`, every row of `own` is
    taken once with each of those beginnings of a row (VAT at sale, VAT at import); else the rows come after
    those that are shared.
    """
    mine = own.keys(("market", "edition", "shares", "name", "sources", "rows"))
    common = shared.keys(("shared", "edition", "covers", "sources", "rule_sets"))
    if common["shared"].text() != mine["shares"].text():
        common["shared"].wrong(f"{mine['shares'].value!r} is shared, and this file says otherwise")
    if mine["edition"].text() != common["edition"].text():
        mine["edition"].wrong(f"what is shared speaks of {common['edition'].text()}")
    rows = mine["rows"].keys((), mine["rows"].value)
    sets = [_rule_set(place, mine["name"].text(), rows) for place in common["rule_sets"].items()]
    names = {part["name"] for one in sets for part in one["components"]}
    for name in rows:
        if name not in names:
            rows[name].wrong("no such component is shared")
    return {
        "market": mine["market"].value,
        "edition": mine["edition"].value,
        "covers": common["covers"].value,
        "sources": _texts(common["sources"]) | _texts(mine["sources"]),
        "rule_sets": [
            one | {"components": [part for part in one["components"] if part["rows"]]} for one in sets
        ],
    }


def _texts(place: Place) -> dict[str, Any]:
    return {name: one.value for name, one in place.keys((), place.value).items()}


def _rule_set(place: Place, name: str, own: Any) -> Doc:
    keys = place.keys(("components",), place.value)
    parts = [_component(one, own) for one in keys["components"].items()]
    return {"name": name, **place.value, "components": parts}


def _component(place: Place, own: Any) -> Doc:
    keys = place.keys(("name",), place.value)
    added = list(own[name].items()) if (name := keys["name"].text()) in own else []
    whole = {key: value for key, value in place.value.items() if key not in ("each", "rows")}
    if "each" not in keys:
        return whole | {"rows": [*place.value.get("rows", ()), *(one.value for one in added)]}
    beginnings = [one.keys((), ROW_KEYS) for one in keys["each"].items()]
    texts = [{key: one.value for key, one in beginning.items()} for beginning in beginnings]
    for one in added:
        one.keys(("charge",), one.value)
    return whole | {"rows": [text | one.value for one in added for text in texts]}

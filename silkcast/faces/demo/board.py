# SPDX-License-Identifier: Apache-2.0
"""The board: what the demo prints when everything runs. Addresses, log-ins, cards."""

from __future__ import annotations

from collections.abc import Collection

from silkcast.faces.demo.founding import OPERATOR, PASSWORD, Founded
from silkcast.faces.demo.sheet import Sheet
from silkcast.stage.rooms.values import Show

CARDS = (
    ("4242 4242 4242 4242", "pays"),
    ("4000 0000 0000 3220", "the bank asks first: code 123456"),
    ("4000 0000 0000 0002", "declined"),
)


def board(sheet: Sheet, founded: Founded, show: Show, rtmp: str) -> str:
    at = sheet.address
    addresses = (
        ("the shops", f"{at}/"),
        ("the live room", f"{at}/room/{show.slug}"),
        ("the studio", f"{at}/studio"),
        ("the desk", f"{at}/desk"),
        ("the API", f"{at}/api/docs"),
        ("letters", f"{at}/desk/mailbox and {sheet.folder / 'mailbox'}"),
        ("your encoder", f"{rtmp} with the key of a show in the studio"),
    )
    people = [("operator", OPERATOR)]
    people += [(f"seller, {shop.name.text('en')}", shop.email) for shop in founded.world.shops]
    people += [(f"buyer, {buyer.market}", buyer.email) for buyer in founded.world.buyers]
    return "\n".join(
        (
            "",
            _block("Silkcast is on air", addresses),
            _block(f"Log in with the password {PASSWORD}; one-time codes are printed here", people),
            _block("Cards that pay nothing: any date to come, any three digits", CARDS),
            f"  Order papers:  silkcast customs export --config {sheet.file} --order NUMBER --out DIR",
            "  Ctrl-C ends it and leaves nothing running; the next start keeps everything.",
            "",
        )
    )


def _block(title: str, pairs: Collection[tuple[str, str]]) -> str:
    wide = max(len(name) for name, _ in pairs) + 2
    return "\n".join((f"  {title}", "", *(f"    {name:<{wide}}{text}" for name, text in pairs), ""))

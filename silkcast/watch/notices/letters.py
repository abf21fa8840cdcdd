# SPDX-License-Identifier: Apache-2.0
"""The letters: a subject and a body a kind, in English. They are said in the house's catalogs, with the same
places in braces."""

from __future__ import annotations

from collections.abc import Mapping

from silkcast.ground.language import N_

from .values import Kind

LETTERS: Mapping[Kind, tuple[str, str]] = {
    "code": (
        N_("{code} is your Silkcast code"),
        N_(
            "Your code is {code}. It works for {minutes} minutes.\n"
            "\n"
            "If you did not ask for it, you need do nothing: nobody can get in without it."
        ),
    ),
    "code_text": (
        "{code}",
        N_(
            "{code} is your Silkcast code. It works for {minutes} minutes. Give it to nobody.\n"
            "\n"
            "@{host} #{code}"
        ),
    ),
    "order_placed": (
        N_("{shop}: we have your order {number}"),
        N_(
            "Hello {name},\n"
            "\n"
            "{shop} has your order {number}.\n"
            "\n"
            "{items}\n"
            "\n"
            "Total: {total}\n"
            "Arrives: {promise}\n"
            "\n"
            "Follow it here, without logging in:\n"
            "{link}"
        ),
    ),
    "order_cancelled": (
        N_("{shop}: order {number} was not completed"),
        N_(
            "Hello {name},\n"
            "\n"
            "Order {number} was not paid in time, so the pieces went back on the shelf. "
            "Nothing was charged.\n"
            "\n"
            "The shop is here if you would still like them:\n"
            "{link}"
        ),
    ),
    "order_shipped": (
        N_("{shop}: order {number} is on its way"),
        N_(
            "Hello {name},\n"
            "\n"
            "Your parcel left with number {tracking}. It arrives {promise}.\n"
            "\n"
            "Where it is now:\n"
            "{link}"
        ),
    ),
    "order_delivered": (
        N_("{shop}: order {number} has arrived"),
        N_(
            "Hello {name},\n"
            "\n"
            "Your parcel was delivered. If something is not right, you can send it back until {until}:\n"
            "{link}"
        ),
    ),
    "refund_made": (
        N_("{shop}: {amount} is on its way back to you"),
        N_(
            "Hello {name},\n"
            "\n"
            "{amount} of order {number} goes back the way you paid. "
            "Your bank may take a few days to show it.\n"
            "\n"
            "{link}"
        ),
    ),
    "return_accepted": (
        N_("{shop}: send order {number} back until {until}"),
        N_(
            "Hello {name},\n"
            "\n"
            "The return is accepted. Show the code {code} at the post, or print the label from here:\n"
            "{link}"
        ),
    ),
    "return_declined": (
        N_("{shop}: about your return of order {number}"),
        N_("Hello {name},\n\n{shop} did not accept the return: {note}\n\nYou can answer here:\n{link}"),
    ),
    "withdrawal_received": (
        N_("{shop}: you withdrew from the contract of order {number}"),
        N_(
            "Hello {name},\n"
            "\n"
            "We received your withdrawal from the contract of order {number} on {at}.\n"
            "\n"
            "{items}\n"
            "\n"
            "Total: {total}\n"
            "\n"
            "What you paid comes back. What has arrived, or still arrives, is to be sent back: "
            "the label is here, without logging in:\n"
            "{link}"
        ),
    ),
    "return_asked": (
        N_("A buyer asks to return order {number}"),
        N_(
            "A buyer asks to return part of order {number}: {note}\n"
            "\n"
            "It answers itself with yes on {until} if you do nothing.\n"
            "{link}"
        ),
    ),
    "market_closed": (
        N_("{shop}: order {number} was called off"),
        N_(
            "Hello {name},\n"
            "\n"
            "Orders to {place} are closed: {reason}\n"
            "\n"
            "So {shop} cannot send your order {number}, and it was called off:\n"
            "\n"
            "{items}\n"
            "\n"
            "What you paid comes back in full, the way you paid it. What was not paid yet is not charged.\n"
            "{link}"
        ),
    ),
    "market_moved": (
        N_("Orders to {place} are closed; here is the new link"),
        N_(
            "Hello {name},\n"
            "\n"
            "You follow {shop}. Orders to {place} are closed for now: {reason}\n"
            "\n"
            "You find it here instead:\n"
            "{link}"
        ),
    ),
    "appeal_answered": (
        N_("{product}: your appeal was answered"),
        N_(
            "You asked that {product} may be sold in {place}. The answer:\n"
            "\n"
            "{answer}\n"
            "\n"
            "How it stands there now:\n"
            "{link}"
        ),
    ),
}

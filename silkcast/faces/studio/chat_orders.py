# SPDX-License-Identifier: Apache-2.0
"""Orders from a chat: pasted by the host, looked at, entered into the deal's queue. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from litestar import Request, Response, get, post

from silkcast.faces.asking import liked_language
from silkcast.faces.refusal_words import words_of
from silkcast.faces.throttling import CHAT_ORDERS
from silkcast.faces.words.catalog import catalog as words_in
from silkcast.flows import forwarding
from silkcast.flows.forwarding import Entered, Found, Picked
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import VariantId
from silkcast.ground.refusals import Invalid
from silkcast.stage.deals.comments.errors import ChatTooLong, NothingPicked, TooManyPicked, WhichOne
from silkcast.stage.deals.comments.hearing import MOST_CHARACTERS, When
from silkcast.stage.deals.errors import DealClosed
from silkcast.stage.deals.values import Deal
from silkcast.stage.rooms.values import Show
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market

from . import forms
from .chat_order_views import AnswerRow, ChatOrdersView, OrderRow, PassedRow, Preview
from .chat_order_words import DOUBTS, PASSED, answer_words
from .deal_numbers import numbers_of
from .deals import deal_of, home, show_of
from .desk import Desk

MOST_PICKED = 200
Asked = Request[Any, Any, Any]
Names = Mapping[VariantId, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What a chat is read against: the deal, what its variants are called, and who speaks how."""

    show: Show
    deal: Deal
    names: Names
    market: Market
    when: When
    view: ChatOrdersView

    @property
    def language(self) -> str:
        return markets.page_language(self.market)


@get("/shows/{id:str}/deals/{deal:str}/chat", name="studio.deal.chat")
async def ask(desk: Desk, id: str, deal: str) -> Response[str]:
    return await desk.page("chat_orders", (await lay(desk, id, deal, {})).view)


@post("/shows/{id:str}/deals/{deal:str}/chat", status_code=200)
async def read(request: Asked, desk: Desk, id: str, deal: str) -> Response[str]:
    """Who said what, and how it was understood. Nothing is ordered yet."""
    table = await lay(desk, id, deal, forms.texts(await forms.form_of(request)))
    count(desk)
    try:
        found = await understood(desk, table)
    except Invalid as refusal:
        return await again(desk, table, refusal)
    return await desk.page("chat_orders", replace(table.view, preview=preview_of(desk, table, found)))


@post("/shows/{id:str}/deals/{deal:str}/chat/enter", status_code=200)
async def enter(request: Asked, desk: Desk, id: str, deal: str) -> Response[str]:
    """What was ticked goes into the queue, in the chat's order. The same again orders nothing more."""
    form = await forms.form_of(request)
    said, ticked = forms.texts(form), set(forms.chosen(form, "pick"))
    table = await lay(desk, id, deal, said)
    count(desk)
    try:
        found = await understood(desk, table)
    except Invalid as refusal:
        return await again(desk, table, refusal)
    try:
        picks = picked(found.orders, ticked, said)
    except Invalid as refusal:
        return await again(desk, table, refusal, preview_of(desk, table, found, ticked, said))
    counter, language = desk.house.counter, liked_language("", "", table.market)
    entered = await forwarding.enter(counter, table.deal, picks, table.market, language)
    rows = [answer_of(desk, table, one) for one in entered]
    fields = [field for pick in picks for field in fields_of(pick)]
    view = (await lay(desk, id, deal, said)).view  # with what is left now
    return await desk.page("chat_orders", replace(view, answers=rows, picks=fields))


def fields_of(pick: Picked) -> list[tuple[str, str]]:
    key = pick.found.key.hex
    return [("pick", key), (f"which-{key}", str(pick.variant))]


async def lay(desk: Desk, id: str, deal: str, said: Mapping[str, str]) -> Table:
    """The deal of this show and shop; one that is not launched takes no orders."""
    async with desk.read() as db:
        show = await show_of(db, desk, id)
        found = await deal_of(db, desk, id, deal)
        if found.starts_at is None:
            raise DealClosed(found.state)
        (counted,) = await numbers_of(db, desk, [found])
        known = await catalog.variants(db, [lane.variant for lane in found.lanes])
    names = {
        variant: of.variant.label(desk.visit.language) or of.variant.sku for variant, of in known.items()
    }
    sold = [
        one for one in markets.markets(desk.visit.today) if any(one.code in x.prices for x in found.lanes)
    ]
    wanted = said.get("market") or desk.shop.country
    market = next((one for one in sold if one.code == wanted), sold[0])
    begun = found.starts_at.astimezone(desk.zone)
    typed = {"chat": said.get("chat", ""), "since": said.get("since", begun.strftime("%H:%M"))}
    here = f"/studio/shows/{show.id}/deals/{found.id}/chat"
    view = ChatOrdersView(
        show,
        counted,
        here,
        home(id),
        {**typed, "market": market.code},
        [one.code for one in sold],
        MOST_CHARACTERS,
    )
    return Table(show, found, names, market, When(begun.date(), time_in(typed["since"])), view)


def time_in(text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def count(desk: Desk) -> None:
    house = desk.house
    house.throttle.count_for(CHAT_ORDERS, str(desk.shop.id), house.database.clock.now())


async def understood(desk: Desk, table: Table) -> forwarding.Read:
    chat = table.view.typed["chat"]
    commenting = desk.house.commenting
    return await forwarding.read(commenting, table.deal, chat, table.market, table.language, table.when)


async def again(desk: Desk, table: Table, refusal: Invalid, preview: Preview | None = None) -> Response[str]:
    """The page once more, with what is wrong. A chat that is far too long is not sent back."""
    typed = {**table.view.typed, "chat": ""} if isinstance(refusal, ChatTooLong) else table.view.typed
    problem = words_of(refusal, desk.visit.language)
    view = replace(table.view, typed=typed, problem=problem, preview=preview)
    return await desk.page("chat_orders", view, status=422)


def picked(orders: Sequence[Found], ticked: Collection[str], said: Mapping[str, str]) -> list[Picked]:
    """What was ticked, in the chat's order. A tick that no order of this chat has ticks nothing."""
    found = [one for one in orders if one.key.hex in ticked]
    if not found:
        raise NothingPicked
    if len(found) > MOST_PICKED:
        raise TooManyPicked(MOST_PICKED)
    return [Picked(one, variant_of(one, said.get(f"which-{one.key.hex}", ""))) for one in found]


def variant_of(one: Found, chosen: str) -> VariantId:
    if len(one.heard.variants) == 1:
        return one.heard.variants[0]
    named = next((variant for variant in one.heard.variants if str(variant) == chosen), None)
    if named is None:
        raise WhichOne
    return named


def preview_of(
    desk: Desk,
    table: Table,
    found: forwarding.Read,
    ticked: Collection[str] | None = None,
    said: Mapping[str, str] | None = None,
) -> Preview:
    """Sure ones are ticked; or, shown once more, those that were."""
    words = words_in(desk.visit.language)
    rows = []
    for one in found.orders:
        key, heard = one.key.hex, one.heard
        doubt = words.gettext(DOUBTS[heard.doubt]) if heard.doubt else ""
        rows.append(
            OrderRow(
                key,
                heard.said,
                heard.units,
                [(str(variant), table.names.get(variant, "")) for variant in heard.variants],
                is_on=heard.is_sure if ticked is None else key in ticked,
                doubt=doubt,
                chosen=(said or {}).get(f"which-{key}", ""),
            )
        )
    passed = [PassedRow(one.said, words.gettext(PASSED[one.why])) for one in found.passed]
    return Preview(rows, passed)


def answer_of(desk: Desk, table: Table, one: Entered) -> AnswerRow:
    said, kind = answer_words(one, desk.visit.language, desk.house.database.clock.now())
    claim = one.claim
    link = ""
    if claim is not None and one.word:
        link = desk.scene.link(f"/claims/{claim.name}/take/{one.word}?market={table.market.code}")
    return AnswerRow(
        one.picked.found.heard.said,
        table.names.get(one.picked.variant, ""),
        one.picked.found.heard.units,
        said,
        kind,
        one.place,
        claim.until if claim is not None and claim.state == "open" else None,
        link,
    )


HANDLERS = (ask, read, enter)

# SPDX-License-Identifier: Apache-2.0
"""The pages a buyer sees: the card, their bank, the end. They work without script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from silkcast.ground.language import direction, liked
from silkcast.ground.money import Money
from silkcast.plumbing import tongues
from silkcast.plumbing.catalogs import catalog, cldr

from .book import MOST_TRIES, Book, Wrong
from .cards import BANK_CODE, CARDS, card, fault_of
from .storage import Row
from .web import Answer, Handler, Request
from .words import WORDS

_FOLDER = Path(__file__).parent / "pages"
_DONE = {"succeeded", "authorised", "processing", "failed", "cancelled"}


class Hosted:
    """Routes of the pages. A page's token is its only key."""

    def __init__(self, book: Book, *, told: Callable[[], None]) -> None:
        self._book = book
        self._told = told
        self._pages = Environment(
            loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._style = (_FOLDER / "style.css").read_bytes()

    def routes(self) -> tuple[tuple[str, str, Handler], ...]:
        page = r"/pay/(?P<token>\w+)"
        return (
            ("GET", "/style.css", lambda _: Answer(200, self._style, "text/css; charset=utf-8")),
            ("GET", page, self._see),
            ("POST", page, self._pay),
            ("POST", f"{page}/bank", self._bank),
            ("POST", f"{page}/leave", self._leave),
        )

    def _see(self, request: Request) -> Answer:
        charge = self._book.by_token(request.found["token"])
        return self._next(request, charge)

    def _pay(self, request: Request) -> Answer:
        form = request.form()
        charge = self._book.by_token(request.found["token"])
        today = self._book.today()
        number = form.get("number", "")
        fault = fault_of(number, form.get("expiry", ""), form.get("code", ""), today)
        if fault and charge["status"] == "requires_action":
            # What was typed is not shown again and not kept: this page forgets card numbers.
            return self._page(request, charge, "card.html", fault=fault, status=422)
        with self._book.storage.whole():
            charge = self._book.try_card(charge["token"], card(number))
        self._told()
        declined = charge["status"] == "requires_action" and not charge["at_bank"]
        if declined:
            return self._page(request, charge, "card.html", fault=charge["reason"], status=402)
        return self._next(request, charge)

    def _bank(self, request: Request) -> Answer:
        token = request.found["token"]
        with self._book.storage.whole():
            charge = self._book.answer_bank(token, request.form().get("code", ""))
        self._told()
        if charge["status"] == "requires_action":
            page, fault = (
                ("bank.html", "bank_code_wrong") if charge["at_bank"] else ("card.html", charge["reason"])
            )
            return self._page(request, charge, page, fault=fault, status=422)
        return self._next(request, charge)

    def _leave(self, request: Request) -> Answer:
        charge = self._book.by_token(request.found["token"])
        if charge["status"] == "requires_action":
            with self._book.storage.whole():
                charge = self._book.cancel(charge["id"])
            self._told()
        return self._next(request, charge)

    def _next(self, request: Request, charge: Row) -> Answer:
        """Where the buyer belongs now: back at the shop, at their bank, or before the card page."""
        if charge["status"] in _DONE:
            if charge["return_url"]:
                return Answer(303, headers={"location": _back(charge)})
            return self._page(request, charge, "done.html")
        return self._page(request, charge, "bank.html" if charge["at_bank"] else "card.html")

    def _page(
        self, request: Request, charge: Row, name: str, *, fault: str = "", status: int = 200
    ) -> Answer:
        language = _language(request, charge)
        say = catalog(language).gettext
        words = {name: say(sentence) for name, sentence in WORDS.items()}
        if fault and fault not in words:
            raise Wrong(500, "word_missing")
        text = self._pages.get_template(name).render(
            w=words,
            lang=language,
            dir=direction(language),
            languages=[(each, tongues.tongue(each).name) for each in tongues.spoken()],
            charge=charge,
            amount=_amount(charge, language),
            fault=words[fault] if fault else "",
            field=_FIELDS.get(fault, ""),
            tries_left=MOST_TRIES - charge["bank_tries"],
            cards=CARDS,
            bank_code=BANK_CODE,
        )
        return Answer(status, text.encode(), "text/html; charset=utf-8", _safety(charge))


_FIELDS = {
    "number_wrong": "number",
    "number_not_test": "number",
    "expiry_wrong": "expiry",
    "expiry_past": "expiry",
    "code_wrong": "code",
    "bank_code_wrong": "code",
}


def _language(request: Request, charge: Row) -> str:
    wanted = [request.query.get("lang", ""), charge["language"]]
    wanted += liked(request.headers.get("accept-language", ""))
    return next((found for tag in wanted if tag and (found := tongues.nearest(str(tag))) is not None), "en")


def _amount(charge: Row, language: str) -> str:
    money = Money.from_minor(charge["amount"], charge["currency"])
    # Whole Latin digits: Babel's own choice for Arabic mixes digits of one script with signs of another.
    return str(format_currency(money.amount, money.currency, locale=cldr(language), numbering_system="latn"))


def _back(charge: Row) -> str:
    parts = urlsplit(charge["return_url"])
    query = [*parse_qsl(parts.query), ("charge", charge["id"]), ("status", charge["status"])]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _safety(charge: Row) -> dict[str, str]:
    parts = urlsplit(charge["return_url"])
    allowed = f"'self' {parts.scheme}://{parts.netloc}" if parts.netloc else "'self'"
    # The shop's own pages may lay this page over theirs, and a form may lead back to it. Nobody else.
    return {
        "content-security-policy": (
            "default-src 'none'; style-src 'self'; base-uri 'none';"
            f" form-action {allowed}; frame-ancestors {allowed}"
        ),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }

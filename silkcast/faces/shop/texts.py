# SPDX-License-Identifier: Apache-2.0
from collections.abc import Mapping

from litestar import Response, get

from silkcast.faces.asking import page
from silkcast.faces.house import House
from silkcast.faces.shop.meta import Meta
from silkcast.faces.shop.views import LegalView
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_
from silkcast.ground.refusals import NotFound

Text = tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]
ABOUT: Text = (
    N_("About"),
    (
        (
            N_("What this is"),
            (
                N_(
                    "A shop window for workshops that show their things live and send them across"
                    " borders. It runs"
                    " on Silkcast, free software that anybody may run."
                ),
            ),
        ),
    ),
)
PRICES: Text = (
    N_("How prices are worked out"),
    (
        (
            N_("One price, all in"),
            (
                N_(
                    "The price you see is what leaves your account: goods, delivery, duty and tax of"
                    " your country,"
                    " line by line. Each line says by which rule it was worked out and since when that"
                    " rule holds."
                ),
                N_("Where something has to be paid at the door, the page says so and how much."),
            ),
        ),
        (
            N_("When a price changes"),
            (
                N_(
                    "Prices and rules change. If that happens while you are buying, the new price is"
                    " shown before"
                    " anything is charged. What you have paid stays as it was."
                ),
            ),
        ),
        (
            N_("When something is not sold to you"),
            (N_("Then the page says why, instead of a price that would not hold."),),
        ),
    ),
)
TERMS: Text = (
    N_("Terms"),
    (
        (
            N_("Who you buy from"),
            (
                N_(
                    "You buy from the shop named on the page. Whoever runs this site takes the payment"
                    " for it."
                ),
            ),
        ),
        (
            N_("Sending back"),
            (
                N_(
                    "How many days you have and what comes back follows the rule of your country, or of"
                    " the shop"
                    " where the law has none. The product page and the order page say it before you decide."
                ),
            ),
        ),
        (
            N_("A text to be completed"),
            (
                N_(
                    "Whoever runs this site has to add their name, address and the rest that the law of"
                    " their"
                    " place asks for. This text is no legal advice."
                ),
            ),
        ),
    ),
)
PRIVACY: Text = (
    N_("Privacy"),
    (
        (
            N_("What is kept"),
            (
                N_(
                    "Name, address, phone and e-mail of an order are kept encrypted, for the delivery,"
                    " the customs"
                    " papers and the books. The card is typed on the payment provider's page; we never"
                    " see it."
                ),
            ),
        ),
        (
            N_("Who sees it"),
            (N_("The shop, the carrier and customs, as far as the parcel needs it. Nobody else."),),
        ),
        (
            N_("Cookies"),
            (
                N_(
                    "Your country, language and light, a log-in if you have one, and a name for the"
                    " chat. None of"
                    " them follows you elsewhere."
                ),
            ),
        ),
    ),
)
LEGAL: Mapping[str, Text] = {"terms": TERMS, "privacy": PRIVACY}


def text_page(text: Text, path: str, house: House, visit: Visit) -> Response[str]:
    _ = catalog(visit.language).gettext
    title, parts = text
    view = LegalView(_(title), [(_(heading), [_(one) for one in said]) for heading, said in parts])
    return page("shop/legal.html", view, visit, meta=Meta(house.site.address + path, view.title))


@get("/about")
async def about(house: House, visit: Visit) -> Response[str]:
    return text_page(ABOUT, "/about", house, visit)


@get("/prices")
async def prices(house: House, visit: Visit) -> Response[str]:
    return text_page(PRICES, "/prices", house, visit)


@get("/legal/{name:str}")
async def legal(house: House, visit: Visit, name: str) -> Response[str]:
    if name not in LEGAL:
        raise NotFound
    return text_page(LEGAL[name], f"/legal/{name}", house, visit)


ROUTES = (about, prices, legal)

# SPDX-License-Identifier: Apache-2.0
"""One sample of each view, in whole sentences, to draw every page in every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from silkcast.faces.live import keeping, moderating
from silkcast.faces.live import views as live
from silkcast.faces.shop import buy_views as buy
from silkcast.faces.shop import order_views as order
from silkcast.faces.shop import sharing
from silkcast.faces.shop import views as shop
from silkcast.ground.ids import BanId, LineId, PasskeyId, SellerId, ShowId, UserId, new_uuid
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.stage.chat.values import RIGHTS, Ban, Line, Speaking
from silkcast.stage.rooms.values import Show
from silkcast.who.identity.values import Passkey

NOW = datetime(2026, 11, 22, 18, 42, tzinfo=UTC)
NAME = Words({"en": "Travel tea set, celadon", "zh": "旅行茶具，青瓷"})
SHOP = Words({"en": "Qinghe <Kiln> & sons", "ar": "فرن تشينغهي"})
PICTURE = shop.Image("/files/a-640.webp", "A teapot", sizes="/files/a-160.webp 160w")
WINDOW = shop.Window(date(2026, 12, 2), date(2026, 12, 5))
EURO = Money.of("65.88", "EUR")
TAG = shop.PriceTag(EURO, before=Money.of("80.28", "EUR"), lowest=Money.of("78.00", "EUR"))
LINES = (
    shop.Line("Goods", Money.of("46.00", "EUR"), "1 set"),
    shop.Line("EU customs duty", Money.of("3.00", "EUR"), "€3 per kind", info="/why/duty"),
)
STEPS = (
    shop.Step("Paid", "done", NOW, "€65.88 by card"),
    shop.Step("In the air", "now", "To Paris", icon="airplane-tilt-fill"),
    shop.Step("Out for delivery", "next"),
)
ADDRESS = shop.AddressLine("Camille Moreau", "18 rue des Tables Claudiennes, 69001 Lyon")
THING = order.OrderedThing(NAME, "1 set", EURO, PICTURE, "/qinghe/teaset")
VARIANTS = (
    shop.VariantChoice("a", Words({"en": "Celadon"}), "/buy/a", is_on=True, colour="#a9c4b6"),
    shop.VariantChoice("b", Words({"en": "Ink"}), "/buy/b", is_gone=True),
)


CARD = buy.CardView(
    "stripe", "https://js.stripe.com/v3/", "pk_1", "pi_1_secret_2", "/order/x", EURO, "/order/x", 9, NOW
)


def piece(**more: object) -> shop.Piece:
    return shop.Piece("/qinghe/teaset", NAME, PICTURE, **{"price": TAG, "promise": WINDOW, **more})  # type: ignore[arg-type]


def show(state: str = "live") -> shop.ShowCard:
    return shop.ShowCard(
        "/live/s",
        NAME,
        SHOP,
        "/qinghe",
        state,  # type: ignore[arg-type]
        NOW + timedelta(days=2),
        PICTURE,
        viewers=12_418,
        table=piece() if state == "live" else None,
        remind="/remind" if state == "planned" else "",
    )


def card(**more: object) -> live.Card:
    given = {"price": TAG, "promise": WINDOW, "buy": "/buy/a?show=s", "variant": "a", **more}
    return live.Card("p", NAME, "/qinghe/teaset", PICTURE, **given)  # type: ignore[arg-type]


CARDS = (
    card(is_pinned=True, left=23, of=200, deal=live.Deal(NOW, 277)),
    card(
        is_pinned=True,
        left=23,
        of=200,
        deal=live.Deal(NOW, 277, one_tap=live.OneTap(EURO, shop.AddressLine("نورة", "شارع العليا 12"))),
    ),
    card(left=3),
    card(is_sold_out=True, waiting=4, waitlist="/wait"),
    card(price=None, not_sold=shop.NotSold("papers missing.", "/why/sold")),
    card(shown_at=760),
)
CHAT = (
    live.ChatLine("1", "viewer", "عمر", "It <looks> calm", translated_from="ar"),
    live.ChatLine("2", "host", "Qinghe", "نعم", "ar"),
    live.ChatLine("3", "bought", "", "Somebody bought one"),
    live.ChatLine("4", "hidden", "x", "x"),
    live.ChatLine("5", "viewer", "Omar", "+1", "en", voices=14),
    live.ChatLine("6", "moderator", "Zoé", "Be kind"),
)
SAID = Line(
    LineId(UUID(int=7)), ShowId(UUID(int=1)), "viewer", "<b>Omar", "نعم <i>", "ar", "shown", None, NOW, 7, 3
)
KEEPER = keeping.Keeper(frozenset(RIGHTS), of_shop=False)
KEPT = keeping.ChatView(
    "/moderate/s",
    KEEPER,
    (SAID, replace(SAID, id=LineId(UUID(int=8)), state="hidden")),
    (replace(SAID, id=LineId(UUID(int=9)), state="held", held_for="word"),),
    SAID,
    Speaking(slow_seconds=7),
    (Ban(BanId(UUID(int=2)), SellerId(UUID(int=3)), ShowId(UUID(int=1)), "Omar", NOW, "rude", "Zoé", NOW),),
)
AIRED = Show(
    ShowId(UUID(int=1)),
    SellerId(UUID(int=3)),
    "winter",
    NAME,
    None,
    NOW,
    "live",
    (),
    NOW,
    None,
    False,
    None,
    0,
    0,
)
NOTE = live.ChatLine("2", "host", "Qinghe", "نعم", "ar")


def room(state: str, pinned: live.Card | None, **more: object) -> live.RoomView:
    host = live.Host(SHOP, "Jingdezhen", "/qinghe", follow="/follow")
    given = {"card": pinned, "shelf": CARDS, "chat": CHAT, "remind": "/remind", "viewers": 9, **more}
    return live.RoomView("s", NAME, host, state, NOW, "Asia/Shanghai", PICTURE, **given)  # type: ignore[arg-type]


def bought(**more: object) -> buy.BuyView:
    given = {
        "address": ADDRESS,
        "held_seconds": 252,
        "held_until": NOW,
        "hold_longer": "/longer",
        "units_most": 5,
        **more,
    }
    deliveries = (buy.DeliveryChoice("air", WINDOW, "Air to your door", EURO, is_on=True),)
    payments = (buy.PaymentChoice("card", "Card", "•• 4417", is_on=True),)
    return buy.BuyView(
        NAME,
        SHOP,
        PICTURE,
        VARIANTS,
        LINES,
        EURO,
        deliveries,
        payments,
        "/buy/a",
        "/buy/a",
        "/live/s",
        **given,  # type: ignore[arg-type]
    )


ASKED = (
    shop.AskedField("name", "Name", wrong="A name is needed"),
    shop.AskedField("phone", "Phone", kind="tel", lead="+33", is_whole=False),
    shop.AskedField("region", "Region", options=(("a", "A"),), is_required=False),
    shop.AskedField("password", "Password", hint="At least 10 characters"),
)
TURN = order.ReturnView(
    "7K4QH22061",
    (("l1", THING, 1, 2),),
    (("broken", "It arrived broken"),),
    "broken",
    (order.ReturnWay("drop", "Drop off", "4 min away", is_on=True, aside="Quickest"),),
    LINES,
    EURO,
    "Card •• 4417",
    "/return",
    "/return",
    "/order",
    date(2026, 12, 21),
)
MOVING = order.OrderView(
    "7K4QH22061",
    "On its way to Lyon",
    "moving",
    WINDOW,
    "Promised when you paid.",
    steps=STEPS,
    things=(THING,),
    lines=LINES,
    total=EURO,
    address=ADDRESS,
    ask="/ask",
    send_back="/return",
    tracking="LX123456785CN",
    return_until=date(2027, 1, 4),
)
PRODUCT = shop.ProductView(
    NAME,
    NAME,
    SHOP,
    "/qinghe",
    (PICTURE,),
    TAG,
    lines=LINES,
    total=EURO,
    variants=VARIANTS,
    buy="/buy/a",
    left=3,
    promise=WINDOW,
    return_days=30,
    facts=(("Origin", "China"),),
    live=show(),
    moments=(shop.Moment("/live/r?at=760", NAME, 760, NOW),),
)

SHARED = sharing.ShareView(
    sharing.Thing("/room/winter", NAME, PICTURE, NOW),
    "http://shop.test/room/winter?for=FR.fr",
    (("FR", "France"),),
    (("fr", "Français"),),
    "FR",
    "fr",
    (("WhatsApp", "https://wa.me/"),),
    "to=/room/winter",
)

PAGES: tuple[tuple[str, object], ...] = (
    (
        "shop/home.html",
        shop.HomeView((show(),), (show("planned"),), (show("ended"),), (piece(), piece(left=2))),
    ),
    ("shop/home.html", shop.HomeView()),
    ("shop/live.html", shop.HomeView((show(),), (show("planned"),), (show("ended"),))),
    (
        "shop/shop.html",
        shop.ShopView(SHOP, NAME, "Jingdezhen", "/qinghe", live=show(), followers=3, follow="/f"),
    ),
    ("shop/search.html", shop.SearchView("tea", (piece(shop=SHOP),), ((SHOP, "/qinghe", None),))),
    ("shop/search.html", shop.SearchView("nothing")),
    ("shop/product.html", PRODUCT),
    (
        "shop/market.html",
        shop.MarketView(
            (
                shop.MarketGroup(
                    "Europe",
                    (shop.MarketChoice("FR", "France", "France", "fr", "EUR", True, "france fr eur"),),
                    True,
                ),
            ),
            "/",
        ),
    ),
    ("shop/error.html", shop.ErrorPage(404, "not_found", "")),
    ("shop/error.html", shop.ErrorPage(403, "not_allowed", "")),
    ("shop/error.html", shop.ErrorPage(409, "stock.short", "Sold out for now.")),
    ("shop/error.html", shop.ErrorPage(500, "request.failed", "")),
    ("shop/legal.html", shop.LegalView("Terms", (("One", ("Two.",)),), date(2026, 11, 3))),
    ("room/room.html", room("live", CARDS[0], stream="/media/s/live.m3u8", is_wide=True)),
    ("room/room.html", room("live", CARDS[1], note=NOTE, slow_seconds=10)),
    ("room/room.html", room("live", None, who="known")),
    ("room/moderate.html", moderating.ModerateView(AIRED, SHOP, KEPT)),
    (
        "room/invited.html",
        moderating.InvitedView(SHOP, NAME, "Zoé", frozenset(("hide",)), "/moderate/with/x"),
    ),
    ("room/invited.html", moderating.InvitedView(SHOP, None, "Zoé", frozenset(RIGHTS), "/moderate/with/x")),
    ("room/room.html", room("planned", None)),
    ("room/room.html", room("ended", CARDS[3], may_chat=False)),
    ("room/shelf.html", live.ShelfView("s", CARDS, "/live/s")),
    ("room/shelf.html", live.ShelfView("s", (), "/live/s")),
    ("room/card.html", live.CardView("s", CARDS[2])),
    ("room/card.html", live.CardView("s", None)),
    ("buy/choose.html", bought()),
    ("buy/choose.html", bought(address=None, address_href="/address", problem="Your bank said no.")),
    ("buy/choose.html", bought(is_cash=True, at_door=EURO)),
    ("buy/address.html", buy.AddressView("FR", ASKED, "/address", "/buy/a", "No.", 9, NOW)),
    ("buy/bank.html", buy.BankView("/bank", "/wait", EURO, "/buy/a", is_framed=True)),
    ("buy/card.html", CARD),
    ("buy/card.html", replace(CARD, is_framed=True)),
    ("buy/wait.html", buy.WaitView("/wait", EURO)),
    ("buy/again.html", buy.AgainView(EURO, (), "/pay", "/order", "Your bank said no.", 9, NOW)),
    ("buy/back.html", None),
    (
        "buy/done.html",
        buy.DoneView("7K4", "/order", NAME, PICTURE, EURO, WINDOW, "/live/s", sent_to="c…@x.fr"),
    ),
    *(
        (
            "buy/done.html",
            buy.DoneView(
                "7K4",
                "/order",
                NAME,
                PICTURE,
                EURO,
                WINDOW,
                "/room/s",
                is_cash=True,
                fact="1 × Red",
                where=shop.AddressLine("نورة", "شارع العليا 12"),
                call_off="" if is_off else "/order/s/call-off",
                is_off=is_off,
            ),
        )
        for is_off in (False, True)
    ),
    (
        "buy/claim.html",
        buy.ClaimView(
            NAME,
            SHOP,
            PICTURE,
            "/room/s",
            "waiting",
            8,
            112,
            EURO,
            "/claims/1-8/give-up",
            "/buy/v",
            wait="/claims/1-8?place=8&waiting=112",
        ),
    ),
    *(
        (
            "buy/claim.html",
            buy.ClaimView(NAME, SHOP, PICTURE, "/room/s", state, 0, 3, None, "", "/buy/v", limit=2),
        )
        for state in ("expired", "called_off", "passed_over", "sold_out", "over_limit", "not_running")
    ),
    *(
        (
            "buy/take.html",
            buy.TakeView(
                NAME, SHOP, PICTURE, "/room/s", "Red", 2, price, "/claims/1-8/take/w", place, 12, until, 90
            ),
        )
        for price, place, until in ((EURO, 0, NOW), (EURO, 8, None), (None, 0, NOW))
    ),
    (
        "room/coupons.html",
        live.CouponsView(
            "s",
            (
                live.CouponChip("TEA10", "10 % off", 23, "/live/s/coupons/c", "k"),
                live.CouponChip("TEA5", "€5.00 off", 0, "/live/s/coupons/d", "k", is_mine=True),
            ),
            "All 50 of these coupons are taken.",
        ),
    ),
    (
        "buy/sold_out.html",
        buy.SoldOutView(NAME, SHOP, PICTURE, "/live/s", 200, 14, VARIANTS, VARIANTS[1], EURO, 31, "/wait", 8),
    ),
    ("buy/not_sold.html", buy.NotSoldView(NAME, PICTURE, ("Papers are missing.",), "/live/s", "Rule")),
    (
        "buy/why.html",
        buy.WhyView("Duty", ("€3 a kind.",), (("Kinds", "1"), ("Duty", "€3")), "/buy/a", "EU", NOW.date()),
    ),
    (
        "buy/why.html",
        buy.WhyView(
            "Duty",
            ("Duty.",),
            (("Duty", "€3"),),
            "/buy/a",
            rules=(
                buy.RuleView("Flat", ("€3 a kind.",), "Checked.", NOW.date(), NOW.date(), "Journal"),
                buy.RuleView("Fee", ("€1.",), "", NOW.date(), None, ""),
            ),
        ),
    ),
    ("order/order.html", MOVING),
    (
        "order/order.html",
        order.OrderView("7K4", "Waiting for your bank", "waiting", None, pay="/pay", total=EURO),
    ),
    ("order/orders.html", order.OrdersView()),
    (
        "order/orders.html",
        order.OrdersView(
            (order.OrderRow("/order", "7K4", NAME, PICTURE, "On the way", "jade", WINDOW, EURO, NOW),)
        ),
    ),
    ("order/return.html", TURN),
    (
        "order/returned.html",
        order.ReturnedView("7K4", "Accepted", STEPS, LINES, EURO, "/order", "QH 417", label="/l"),
    ),
    (
        "order/withdraw.html",
        order.WithdrawView("7K4", "Zoé", "z…@example.com", NAME, (), "/withdraw", "/order"),
    ),
    (
        "order/withdraw.html",
        order.WithdrawView("7K4", "Zoé", "z…@example.com", NAME, (), "/w", "/order", NOW, next="/return"),
    ),
    (
        "account/log_in.html",
        shop.LogInView("/log-in", by="password", other="/code", known=(("Viewer", "x"),)),
    ),
    ("account/log_in.html", shop.LogInView("/log-in", register="/register", problem="No.")),
    ("account/log_in.html", shop.LogInView("/log-in/code", prefix="+966", takes_passkeys=True)),
    ("account/welcome.html", shop.WelcomeView("/welcome", "+966512345678")),
    ("account/welcome.html", shop.WelcomeView("/welcome", "x@example.com", "N", wrong="No.", problem="No.")),
    ("account/register.html", shop.RegisterView("/register", ASKED)),
    (
        "account/code.html",
        shop.CodeView("/code", "+33 6", "/log-in", "/again", 24, "That code was not right."),
    ),
    ("account/you.html", shop.YouView("Camille Moreau", "camille@example.com", "/log-out")),
    (
        "account/you.html",
        shop.YouView("Zoé", "zoe@example.com", "/log-out", kept=(("/moderate/s", NAME),)),
    ),
    (
        "account/you.html",
        shop.YouView(
            "Zoé",
            "zoe@example.com",
            "/log-out",
            one_taps=(("SA", shop.AddressLine("نورة", "شارع العليا 12")),),
            passkeys=(
                Passkey(PasskeyId(new_uuid()), UserId(new_uuid()), "هاتفي", NOW, NOW, is_copied=False),
                Passkey(PasskeyId(new_uuid()), UserId(new_uuid()), "Key", NOW, None, is_copied=True),
            ),
            makes_passkeys=True,
            problem="This is the last way to log in. Add another one first.",
        ),
    ),
    ("design.html", shop.PartsView(TAG, TAG, LINES, STEPS)),
    ("shop/share.html", SHARED),
    ("shop/poster.html", SHARED),
)

# SPDX-License-Identifier: Apache-2.0
"""Words for refusals, by their code. A code without a sentence of its own gets that of its kind."""

from __future__ import annotations

from datetime import UTC

from babel import Locale
from babel.dates import format_datetime

from silkcast.faces.admission_words import reason_words
from silkcast.faces.refusing import plain
from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_
from silkcast.ground.refusals import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotKnown,
    Refusal,
    TooMany,
    Unavailable,
)
from silkcast.who.closings.errors import MarketIsClosed

SENTENCES = {
    "admission.appeal_decided": N_("This appeal was decided before."),
    "admission.appeal_open": N_("You have asked for this market already. Wait for the answer."),
    "admission.appeal_outdated": N_("The product was changed since. Refuse this one; the seller asks again."),
    "admission.bad_appeal": N_("Say why it may be sold there, and give a day where one is asked for."),
    "admission.bad_paper": N_("A paper is a PDF, a JPEG or a PNG."),
    "admission.bad_until": N_("Give a day to come, by %(most)s at the latest."),
    "admission.barred": N_("This may not be sold in your country."),
    "admission.nothing_to_appeal": N_("It may be sold there as it is."),
    "admission.paper_too_large": N_("A paper has at most %(most_megabytes)s MB."),
    "admission.papers_needed": N_("Papers for your country are missing."),
    "admission.pin_barred": N_("No market may buy this, so it is not shown. See the product's page for why."),
    "calling_off.too_late": N_(
        "It is too late to call this order off. Once it has arrived you can send it back."
    ),
    "catalog.bad_product": N_("Some fields of the product are not right yet."),
    "catalog.changed": N_("Somebody changed this product meanwhile. Look at it again, then save."),
    "catalog.not_ready": N_("The product is not complete enough to be listed."),
    "catalog.sku_taken": N_("Another product of your shop has this SKU: %(sku)s."),
    "catalog.slug_taken": N_("Another product of your shop has this address."),
    "chat.bad_speaking": N_("Slow mode is at most ten minutes."),
    "chat.bad_word": N_("A word has 2 to 40 characters, with a letter among them."),
    "chat.banned": N_("You cannot speak in this chat for now. The host has decided so."),
    "chat.closed": N_("The host has closed the chat."),
    "chat.known_only": N_("Log in to speak here."),
    "chat.no_rights": N_("Give a name, and tick at least one right."),
    "chat.no_such_ban": N_("This ban is over already."),
    "chat.no_such_line": N_("This line is not there any more."),
    "chat.no_such_moderator": N_("There is nothing here, or the link was used already."),
    "chat.not_a_viewer": N_("The host and moderators cannot be banned."),
    "chat.nothing_said": N_("There is nothing to say in an empty line."),
    "chat.room_busy": N_("Many are writing at once, and this line found no place. Try again in a moment."),
    "chat.said_already": N_("You said that a moment ago."),
    "chat.slow_mode": N_("The chat is slow now. Your next line can go in %(retry_seconds)s seconds."),
    "chat.too_fast": N_("You are writing fast. Wait %(retry_seconds)s seconds."),
    "chat.too_long": N_("A line has at most %(most)s characters."),
    "chat.too_many_words": N_("The list has %(most)s words already. Take some off first."),
    "checkout.cash_not_taken": N_(
        "Cash on delivery is not possible for this order. Choose another way to pay."
    ),
    "checkout.method_not_offered": N_("This way to pay is not offered here."),
    "checkout.nothing_wanted": N_("Choose what you would like first."),
    "checkout.order_not_payable": N_("This order cannot be paid any more."),
    "checkout.two_shops": N_("One order is with one shop. Buy from the other one afterwards."),
    "demo.nothing_live": N_("Nobody is on air. Start a show first, then send the buyers."),
    "demo.nothing_to_rush_for": N_(
        "The show has no deal and nothing pinned that is in stock. Pin a product first."
    ),
    "comments.chat_too_long": N_(
        "At most %(most)s characters and %(most_messages)s messages are read at once. "
        "Paste only what was said about this deal."
    ),
    "comments.no_chat": N_(
        "No messages were found. Copy or export the chat so that names and times come with it."
    ),
    "comments.nothing_picked": N_("Tick at least one order."),
    "comments.too_many_picked": N_(
        "At most %(most)s orders are entered at once. Enter the first ones, then the rest."
    ),
    "comments.which_one": N_("Choose which one is meant, or take the tick away."),
    "customs.disagree": N_(
        "Two papers say different things: %(field)s is %(left)s in one and %(right)s in the other."
    ),
    "customs.field": N_("Customs cannot take %(field)s as it is (%(problem)s)."),
    "customs.not_correctable": N_("Only what was refused can be corrected and sent again."),
    "customs.port_silent": N_("Customs does not answer now. It is sent again by itself."),
    "database.away": N_("The shops are being opened again. Your orders and payments are safe."),
    "deals.another_runs": N_("Another deal runs in this show. End it first."),
    "deals.bad": N_("Some fields of the deal are not right yet."),
    "deals.bad_claim": N_("This claim cannot be read. Open the show again and press once more."),
    "deals.bad_coupon": N_("Some fields of the coupon are not right yet."),
    "deals.below_floor": N_("A price lies under your own floor. Raise it, or say that you mean it."),
    "deals.busy": N_("Very many ask at once: you are number %(place)s. Nothing is lost; ask again."),
    "deals.claim_over": N_("The time for this one is over. It went to the next in line."),
    "deals.claim_taken": N_("Somebody else has opened this link and taken the order over."),
    "deals.closed": N_("This deal is over, or was not launched."),
    "deals.coupon_gone": N_("All %(total)s of these coupons are taken."),
    "deals.coupon_not_here": N_("This coupon is not for this price or this country."),
    "deals.coupon_over": N_("This coupon is for those in the show, while it lasts. It is over now."),
    "deals.coupon_used": N_("You have this coupon already. One person may have %(per_person)s."),
    "deals.discount_too_high": N_("In %(market)s a deal lowers a price by at most %(most)s percent."),
    "deals.no_buyer": N_(
        "Your browser keeps no cookies, so nothing can be held for you. Allow them, or log in."
    ),
    "deals.no_such_claim": N_("There is no such claim, or it is somebody else's."),
    "deals.no_such_coupon": N_("There is no such coupon, or it is used."),
    "deals.no_such_deal": N_("There is no such deal."),
    "deals.not_known_yet": N_("No answer came yet. Press again: it is the same claim, never a second one."),
    "deals.over_limit": N_("One person may have %(limit)s of this deal, and you have them."),
    "desk.reason_missing": N_("Say why. The reason stays in the audit log."),
    "dispatch.not_dispatchable": N_("This order is not one that can be packed and sent now."),
    "duties.no_rate_for_goods": N_("The duty on these goods is not known there."),
    "identity.already_registered": N_("There is an account with this contact. Log in instead."),
    "identity.bad_contact": N_(
        "Give an e-mail address, or a phone number with its country code, like +33 6 12 34 56 78."
    ),
    "identity.bad_name": N_("Give a name of at most 60 characters."),
    "identity.bad_answer": N_("What the browser sent cannot be read. Try again."),
    "identity.code_over": N_("This code is over. Ask for a new one."),
    "identity.code_too_soon": N_("A code was just sent. The next one can go in %(retry_seconds)s seconds."),
    "identity.last_way": N_("This is the last way to log in. Add another one first."),
    "identity.locked_out": N_("Too many tries. Try again in %(retry_seconds)s seconds."),
    "identity.no_passkeys_here": N_("Passkeys do not work at this address."),
    "identity.not_textable": N_(
        "No text can go to this number. Give a mobile number of a country we sell to, or an e-mail address."
    ),
    "identity.passkey_copied": N_(
        "This passkey may have been copied, so it opens nothing any more. Log in with a code, then remove it."
    ),
    "identity.passkey_known": N_("This passkey is there already."),
    "identity.proof_over": N_("Too much time has passed. Ask for a new code."),
    "identity.terms_not_agreed": N_("Tick that you agree to the terms."),
    "identity.texts_over": N_("No more texts can be sent there for now. Use your e-mail address."),
    "identity.too_many_passkeys": N_("At most %(most)s passkeys are kept. Remove one first."),
    "identity.no_such_contact": N_("No account has this e-mail or phone."),
    "identity.no_such_manager": N_("This person is no manager here."),
    "identity.not_your_market": N_("You do not manage this market."),
    "identity.right_missing": N_("Head office has not allowed you this."),
    "identity.unknown_right": N_("Choose what the manager may change."),
    "identity.too_many_codes": N_("Too many codes were asked for. Try again in an hour."),
    "identity.weak_password": N_(
        "Take a password of at least %(least)s characters that is not easy to guess."
    ),
    "identity.wrong_code": N_("That code was not right."),
    "identity.wrong_passkey": N_("That passkey did not work here. Try again, or ask for a code."),
    "identity.wrong_login": N_("That did not match. Check the contact and the password."),
    "desk.not_confirmed": N_("The number does not match. Nothing was done."),
    "erasing.still_needed": N_(
        "The buyer's data is still needed: a payment, a refund or a return is under way, "
        "or a return can still be asked for."
    ),
    "erasing.still_sells": N_("A shop is yours. Hand it over before you close the account."),
    "listing.no_picture": N_("This is not a picture we can read. Take a JPEG, PNG or WebP."),
    "listing.picture_too_large": N_("A picture may have at most %(most_megabytes)s MB."),
    "listing.unknown_hs_code": N_("There is no HS code %(hs_code)s. Search for the goods and choose one."),
    "markets.bad_address": N_("Check the address: this field is missing or not right."),
    "markets.bad_recipient_number": N_("This number is not right: customs needs it as it is written."),
    "markets.bad_phone": N_("This phone number is not right for this country."),
    "markets.other_country": N_("The price shown is for another country. Change the country, then go on."),
    "orders.key_reused": N_("This form was already sent with other contents."),
    "orders.still_needed": N_("The order has not ended: its buyer's data is still needed."),
    "orders.wrong_state": N_("The order is not in a state for that."),
    "payments.engine_refused": N_("The bank said no. Nothing was charged."),
    "payments.engine_silent": N_("The bank does not answer now. Nothing is lost; we ask again."),
    "payments.too_much_back": N_("That is more than was paid."),
    "pricing.bad_price": N_("This is not a price in %(currency)s."),
    "pricing.wrong_currency": N_("Prices of this market are in %(wanted)s."),
    "quotes.not_sold_here": N_("This is not sold in your country."),
    "quotes.two_origins": N_("These goods come from two countries. Buy them one after the other."),
    "quotes.price_changed": N_("The price has changed. Look at the new one before you pay."),
    "request.cross_site": N_("This came from another site, so nothing was done. Open the page here."),
    "request.bad": N_("A field is missing or not of its kind."),
    "request.failed": N_("Something broke on our side. We are told, and look at it."),
    "returns.more_than_bought": N_("That is more than was bought."),
    "returns.not_delivered": N_("It can be returned once it has arrived."),
    "returns.nothing": N_("Choose what you would like to return."),
    "returns.too_late": N_("The time to return this order is over."),
    "returns.wrong_state": N_("The return is not in a state for that."),
    "rooms.another_is_live": N_("Another show of yours is live. End it first."),
    "rooms.bad_title": N_("Give the show a title of at most 120 characters."),
    "rooms.media_refused": N_("This browser's camera cannot be used. Try another browser, or an encoder."),
    "rooms.not_in_run": N_("Add the product to the run of the show first."),
    "rooms.run_too_long": N_("A show has at most %(most)s products."),
    "rooms.starts_in_the_past": N_("Choose a time that is still to come."),
    "rooms.wrong_state": N_("The show is not in a state for that."),
    "sellers.bad_shop": N_("Some fields of the shop are not right yet."),
    "sellers.slug_taken": N_("Another shop has this address."),
    "sellers.suspended": N_("This shop is closed for now."),
    "translations.away": N_("The translation is not to be had now. Try again in a moment."),
    "translations.bad_term": N_(
        "Word %(line)s of the list is not right. It needs two languages, the word, and what it becomes."
    ),
    "translations.busy": N_("Much is being translated. Try again in a moment."),
    "translations.language_not_known": N_("Nothing is translated into this language here."),
    "translations.no_such_term": N_("This word is not in the glossary any more."),
    "translations.not_translated": N_("This could not be translated."),
    "translations.too_long": N_("This is too long to be translated at once."),
    "translations.too_many_terms": N_("A glossary has at most %(most)s words."),
    "markets.already_closed": N_("This market is closed already, or will be. End that first."),
    "markets.bad_closure": N_("This cannot be so: %(field)s."),
    "markets.closed": N_("Orders to your country are closed for now."),
    "markets.not_closed": N_("This market is not closed."),
    "shipping.carrier_refused": N_("The carrier will not take it: %(field)s."),
    "shipping.carrier_silent": N_("The carrier does not answer now. We ask again."),
    "shipping.no_service": N_("No delivery goes there with this size and weight."),
    "shipping.parcel_gone": N_("The parcel is with the carrier already."),
    "stock.bad_units": N_("Give a whole number of pieces over zero."),
    "stock.hold_gone": N_("Your time to pay was over, and the pieces went back on the shelf."),
    "stock.short": N_("Sold out for now: %(left)s left."),
    "stock.spoken_for": N_("Some of these are held for buyers who are paying."),
    "notices.not_confirmed": N_("Confirm your e-mail or phone first."),
    "teams.already_undone": N_("This change was undone already."),
    "teams.bad_limits": N_("This cannot be a limit: %(field)s."),
    "teams.bad_text": N_("This cannot be so: %(field)s."),
    "teams.beyond_limits": N_("Head office allows from %(least)s to %(most)s."),
    "teams.changed_since": N_("It was changed again since. Undo the newer change first."),
    "teams.no_base_price": N_("The shop has no price of its own there."),
    "teams.no_such_change": N_("There is no such change in this market."),
    "withdrawing.not_offered": N_("Here you can ask for a return instead."),
    "withdrawing.nothing": N_("This contract has ended already."),
    "studio.no_shop_yet": N_("Open a shop first."),
}
KINDS: tuple[tuple[type[Refusal], str], ...] = (
    (NotFound, N_("There is no such thing here.")),
    (NotKnown, N_("Log in first.")),
    (NotAllowed, N_("You may not do that.")),
    (Conflict, N_("That does not fit with how things are now.")),
    (TooMany, N_("Too often. Try again in a moment.")),
    (Unavailable, N_("Somebody we need does not answer. Try again in a moment.")),
    (Invalid, N_("Something in it is not right.")),
    (Refusal, N_("That did not work.")),
)
NOT_SOLD = {
    "no_price": N_("The shop has no price for your country yet."),
    "not_listed": N_("The shop does not sell this now."),
    "under_least_price": N_("The law of your country sets a higher price for it."),
    "no_service": N_("No delivery goes to your country with this size and weight."),
    "no_rules": N_("The rules of your country are not known here yet."),
    "duty_rate_unknown": N_("The duty on these goods is not known in your country."),
    "papers_missing": N_("Papers for your country are missing."),
    "channel_not_covered": N_("The rules for this way of delivery are not known here yet."),
    "importer_code_needed": N_("For more parcels this year customs want an importer code of yours."),
    "no_rate": N_("The exchange rate that customs use is not known today."),
    "origin_not_covered": N_("The duty on goods made there is not known in your country."),
    "over_channel_limit": N_("The parcel is worth more than may come in this way."),
    "over_postal_limit": N_("The parcel is worth more than may come in by post."),
    "over_single_limit": N_("One order may not be worth so much in your country."),
    "over_yearly_limit": N_("Your limit for this year is used up."),
    "closed": N_("Orders to your country are closed for now."),
}
"""By the reason of `quotes.not_sold_here`; the seller's own reasons are words of theirs."""


def words_of(refusal: Refusal, language: str) -> str:
    """One sentence for a person."""
    sentence = SENTENCES.get(refusal.code) or next(
        words for kind, words in KINDS if isinstance(refusal, kind)
    )
    if isinstance(refusal, MarketIsClosed):
        return closed_words(refusal, language)
    facts = {name: plain(value) for name, value in refusal.facts().items()}
    said = catalog(language).gettext(sentence)
    try:
        return said % facts
    except (KeyError, ValueError, TypeError):
        return said


def closed_words(closed: MarketIsClosed, language: str, since: str = "") -> str:
    """Since when a market takes no orders, and why. `since` as the reader writes it, else by UTC."""
    words, locale = catalog(language), Locale.parse(language.replace("-", "_"))
    place = locale.territories.get(closed.market, closed.market)
    if not closed.reason:
        return words.gettext("Orders to %(place)s are closed.") % {"place": place}
    since = since or format_datetime(closed.since, "short", tzinfo=UTC, locale=locale) + " UTC"
    facts = {"place": place, "since": since, "reason": closed.reason}
    return words.gettext("Orders to %(place)s are closed since %(since)s: %(reason)s") % facts


def not_sold_words(reason: str, language: str) -> str:
    """Why something is not sold here, in one line."""
    words = catalog(language)
    if reason.startswith("barred."):
        return reason_words(reason.removeprefix("barred."), language)
    return words.gettext(NOT_SOLD.get(reason, SENTENCES["quotes.not_sold_here"]))

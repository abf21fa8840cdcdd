# SPDX-License-Identifier: Apache-2.0
"""Format: money, counts, dates and weights as the reader's language and market write them.

Templates get one `Format` a page, as `f`. What ends in `_text` is plain text, for attributes and mails;
the others are wrapped so that an amount never breaks and never turns round among right-to-left words.
Digits are chosen whole: Arabic digits with Arabic separators, or Latin with Latin, never mixed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_interval, format_skeleton, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent
from babel.units import format_unit
from markupsafe import Markup

from silkcast.faces.visit import Digits, Visit
from silkcast.ground.language import base_of
from silkcast.ground.money import Money
from silkcast.ground.places import Address
from silkcast.ground.quantity import Size, Weight
from silkcast.plumbing import postal, tongues

MINUS = "−"
_ZEROES = {"arab": 0x660, "arabext": 0x6F0, "deva": 0x966, "beng": 0x9E6, "thai": 0xE50, "khmr": 0x17E0}
_FIGURES = {name: {0x30 + digit: zero + digit for digit in range(10)} for name, zero in _ZEROES.items()}
"""CLDR's numbering systems, each with the digits it writes for the Latin ones."""
_MARKS = re.compile("[\u200e\u200f\u061c]")
_CODE_THEN_DIGIT = re.compile(r"^([A-Z]{3})(?=[0-9])")
_FRACTIONS = get_global("currency_fractions")
_UNITS = {"g": "mass-gram", "mm": "length-millimeter"}
_WITHOUT_YEAR = timedelta(days=334)
_SHORT_TO = 10_000
_ARABIC_SEPARATORS = str.maketrans({".": "٫", ",": "٬", "%": "٪"})


# elsewhere an English reader gets world English, not the local marks under English words
_ENGLISH_SPEAKING = frozenset(
    ["US", "GB", "IE", "AU", "NZ", "CA", "SG", "IN", "PH", "ZA", "HK", "MY", "NG", "KE"]
)


@lru_cache(maxsize=256)
def locale_of(language: str, market: str) -> Locale:
    """CLDR's locale for a language read in a market. Elsewhere English is world English, and a language of
    one country (`pt-BR`) stays that country's."""
    name, script = language.replace("-", "_"), tongues.tongue(language).script
    has_region = len(name.split("_")[-1]) == 2 and "_" in name
    native = not has_region and (name != "en" or market in _ENGLISH_SPEAKING)
    here = (f"{name}_{script}_{market}", f"{name}_{market}") if native else ()
    world = ("en_001",) if name == "en" else (name, base_of(language), "en_001")
    for each in (*here, *world):
        try:
            found = Locale.parse(each)
        except (UnknownLocaleError, ValueError):
            continue
        if found.script in (None, script):  # else CLDR took `zh_HK` for the Traditional one
            return found
    raise AssertionError("CLDR knows English")


class Format:
    """Every figure of one page. `Format.of(visit)` is the usual way in."""

    def __init__(
        self,
        language: str,
        market: str,
        *,
        today: date,
        timezone: str = "UTC",
        numerals: Digits = "latn",
        place: str = "",
    ) -> None:
        self.language = language
        self.market = market
        self.today = today
        self.zone = ZoneInfo(timezone)
        self.numerals = numerals
        self.locale = locale_of(language, market)
        self.place = place or self.country(market)
        """The viewer's market by name."""

    @classmethod
    def of(cls, visit: Visit) -> Format:
        """The format of a visit; visits of one market and language share one."""
        return _format(
            visit.language, visit.market, visit.today, visit.timezone, visit.numerals, visit.market_name
        )

    # -- money ------------------------------------------------------------------------------------

    def money_text(self, money: Money) -> str:
        """The whole amount with its currency; an ambiguous sign gets its code or country."""
        return _money(money, self.language, self.market, self.numerals)

    def money(self, money: Money) -> Markup:
        return Markup('<bdi class="money">{}</bdi>').format(self.money_text(money))

    # -- counts -----------------------------------------------------------------------------------

    def number_text(self, value: int | Decimal) -> str:
        text = format_decimal(value, locale=self.locale, numbering_system=self._system)
        return self._digits(_MARKS.sub("", text).replace("-", MINUS))

    def number(self, value: int | Decimal) -> Markup:
        return Markup('<bdi class="count">{}</bdi>').format(self.number_text(value))

    def compact_text(self, value: int) -> str:
        """In full to 9,999, then 12.4K, 1.2万. Never for money."""
        if value < _SHORT_TO:
            return self.number_text(value)
        text = str(format_compact_decimal(value, locale=self.locale, fraction_digits=1))
        if self.numerals == "arab":
            text = text.translate(_ARABIC_SEPARATORS)
        return self._digits(text)

    def compact(self, value: int) -> Markup:
        return Markup('<bdi class="count">{}</bdi>').format(self.compact_text(value))

    def percent(self, share: Decimal) -> Markup:
        """`Decimal("0.155")` as 15.5%."""
        text = format_percent(
            share, locale=self.locale, decimal_quantization=False, numbering_system=self._system
        )
        text = _MARKS.sub("", text).replace("-", MINUS)
        if self.numerals == "arab":
            text = text.translate(_ARABIC_SEPARATORS)
        return Markup('<bdi class="count">{}</bdi>').format(self._digits(text))

    def weight(self, weight: Weight) -> Markup:
        """Kilograms, the unit every waybill uses."""
        return self._measure(weight.kilograms, "mass-kilogram")

    def unit(self, name: str) -> str:
        """The sign of a unit beside a field: `g`, and г in Russian."""
        one = format_unit(1, _UNITS[name], "short", locale=self.locale, numbering_system="latn")
        return re.sub(r"[\d\s]", "", _MARKS.sub("", one))

    def length(self, millimetres: int) -> Markup:
        """Centimetres, to the millimetre."""
        return self._measure(Decimal(millimetres) / 10, "length-centimeter")

    def size(self, size: Size) -> Markup:
        """The sides of a parcel: `30 × 20 × 12.5 cm`, from left to right in every language."""
        sides = (size.length_mm, size.width_mm, size.height_mm)
        figures = [self.number_text(Decimal(side) / 10) for side in sides[:2]]
        last = self._measured(Decimal(sides[2]) / 10, "length-centimeter")
        return Markup('<bdi class="count" dir="ltr">{}</bdi>').format(" × ".join([*figures, last]))

    def days_text(self, count: int) -> str:
        """`5 days`, in the plural form of the language."""
        span = format_timedelta(timedelta(days=count), "day", threshold=10_000, locale=self.locale)
        return self._digits(_MARKS.sub("", span))

    def clock(self, seconds: int) -> Markup:
        """mm:ss, over an hour h:mm:ss. Kept left to right, as clocks are."""
        whole = max(0, seconds)
        hours, rest = divmod(whole, 3600)
        minutes, left = divmod(rest, 60)
        text = f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"
        return Markup('<bdi class="count" dir="ltr">{}</bdi>').format(self._digits(text))

    # -- time -------------------------------------------------------------------------------------

    def day_text(self, day: date | datetime, *, weekday: bool = True) -> str:
        """`Wed 2 Dec`: with weekday, and with the year only when it is far off."""
        local = self._day(day)
        far = abs(local - self.today) >= _WITHOUT_YEAR
        skeleton = ("y" if far else "") + "MMM" + ("E" if weekday else "") + "d"
        return self._dated(format_skeleton(skeleton, local, locale=self.locale))

    def day(self, day: date | datetime, *, weekday: bool = True) -> Markup:
        return Markup('<time datetime="{}">{}</time>').format(
            self._day(day).isoformat(), self.day_text(day, weekday=weekday)
        )

    def window_text(self, first: date, last: date, *, weekday: bool = True) -> str:
        """A promise: `Wed 2 – Sat 5 Dec`, a day alone where both are the same."""
        if first == last:
            return self.day_text(first, weekday=weekday)
        skeleton = "MMMEd" if weekday else "MMMd"
        between = format_interval(first, last, skeleton, locale=self.locale)
        return self._dated(between.replace("\u2009", " "))

    def window(self, first: date, last: date, *, weekday: bool = True) -> Markup:
        return Markup('<bdi class="when">{}</bdi>').format(self.window_text(first, last, weekday=weekday))

    def weekday(self, moment: date | datetime) -> str:
        """`Thu`, for a day drawn as a small calendar leaf."""
        return format_skeleton("E", self._day(moment), locale=self.locale)

    def day_number(self, moment: date | datetime) -> str:
        return self.number_text(self._day(moment).day)

    def at_text(self, moment: datetime, *, zone: str | None = None) -> str:
        local = moment.astimezone(ZoneInfo(zone) if zone else self.zone)
        style = "HH:mm" if self.locale.territory == "001" else "short"
        return self._digits(
            _MARKS.sub("", format_time(local, style, tzinfo=local.tzinfo, locale=self.locale))
        )

    def at(self, moment: datetime, *, zone: str | None = None) -> Markup:
        return Markup('<time datetime="{}">{}</time>').format(
            moment.isoformat(), self.at_text(moment, zone=zone)
        )

    def moment_text(self, moment: datetime) -> str:
        """`Sun 22 Nov, 19:42` in the reader's zone."""
        return self._at_day(self.day_text(moment), self.at_text(moment))

    def moment(self, moment: datetime) -> Markup:
        return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), self.moment_text(moment))

    def there(self, local: datetime) -> Markup:
        """`Sun 22 Nov, 19:42` by the clock of its own place, whatever the reader's says."""
        text = self._at_day(self.day_text(local.date()), self.there_at(local))
        return Markup('<time datetime="{}">{}</time>').format(local.isoformat(), text)

    def there_at(self, local: datetime) -> str:
        return self.at_text(local, zone=str(local.tzinfo))

    def minutes_text(self, minutes: int) -> str:
        """`2 hr`, `1 hr 30 min`."""
        hours, rest = divmod(minutes, 60)
        parts = [(hours, "hour"), (rest, "minute")]
        said = [
            format_unit(number, unit, "short", locale=self.locale, numbering_system=self.numerals)
            for number, unit in parts
            if number
        ]
        return self._digits(" ".join(said))

    # -- places -----------------------------------------------------------------------------------

    def country(self, code: str) -> str:
        """The country's name in the reader's language."""
        return str(self.locale.territories.get(code, code))

    def currency(self, code: str) -> str:
        return str(self.locale.currencies.get(code, code))

    def currency_here(self, code: str) -> str:
        """The short mark of a currency beside a market's name: EUR, and ر.س in Arabic."""
        return "ر.س" if code == "SAR" and self.locale.language == "ar" else code

    def language_name(self, code: str) -> str:
        """A language's name in itself: no one looks for their own in another's words."""
        return tongues.tongue(code).name

    def language_here(self, code: str) -> str:
        """A language's name in the reader's: `Translated from Chinese`."""
        named = self.locale.languages
        return str(named.get(code.replace("-", "_")) or named.get(base_of(code), code))

    def list_text(self, things: Sequence[str]) -> str:
        """`A, B and C`."""
        return format_list(list(things), locale=self.locale) if things else ""

    # -- people and their addresses -----------------------------------------------------------------

    def person(self, name: str) -> Markup:
        """A name as its owner wrote it, in its own direction. It is never taken apart or turned round: the
        family comes first in Vietnamese and Chinese, and many Indonesians have one name."""
        return Markup('<bdi class="person">{}</bdi>').format(" ".join(name.split()))

    def address_text(self, address: Address, *, with_name: bool = False) -> str:
        """The address in one line; the country is named to those who are not there."""
        here = postal.one_line(address, with_name=with_name)
        return here if address.country == self.market else f"{here}, {self.country(address.country)}"

    def address(self, address: Address, *, with_name: bool = True) -> Markup:
        """The address line by line, as the post of that country wants it."""
        parts = list(postal.lines(address, with_name=with_name))
        if address.country != self.market:
            parts.append(self.country(address.country))
        told = Markup("<br>").join(Markup("<bdi>{}</bdi>").format(part) for part in parts)
        return Markup('<span class="post">{}</span>').format(told)

    # -- inside -----------------------------------------------------------------------------------

    def _day(self, day: date | datetime) -> date:
        return day.astimezone(self.zone).date() if isinstance(day, datetime) else day

    def _at_day(self, day: str, time: str) -> str:
        order = str(self.locale.datetime_formats["medium"])  # `{1}, {0}`; in Vietnamese the time comes first
        return order.replace("{1}", day).replace("{0}", time)

    def _dated(self, text: str) -> str:
        if self.locale.language == "en" and self.locale.territory != "US":
            text = text.replace(", ", " ")
        if self.locale.language == "ar":
            text = text.replace("، ", " ")
        return self._digits(_MARKS.sub("", text))

    def _digits(self, text: str) -> str:
        return text.translate(_FIGURES.get(self.numerals, {}))

    @property
    def _system(self) -> str:
        return _system_of(self.locale, self.numerals)

    def _measured(self, value: Decimal, unit: str) -> str:
        text = format_unit(
            value, unit, "short", format="#,##0.##", locale=self.locale, numbering_system=self._system
        )
        return self._digits(_MARKS.sub("", text)).replace(" ", "\u00a0")

    def _measure(self, value: Decimal, unit: str) -> Markup:
        return Markup('<bdi class="count">{}</bdi>').format(self._measured(value, unit))


def _system_of(locale: Locale, numerals: Digits) -> str:
    """The signs that go with the digits; where CLDR has none of their own, those of Latin ones."""
    return numerals if numerals in locale.number_symbols else "latn"


@lru_cache(maxsize=256)
def _format(language: str, market: str, today: date, timezone: str, numerals: Digits, place: str) -> Format:
    return Format(language, market, today=today, timezone=timezone, numerals=numerals, place=place)


@lru_cache(maxsize=8192)
def _money(money: Money, language: str, market: str, numerals: Digits) -> str:
    locale = locale_of(language, market)
    amount = abs(money.amount)
    text = format_currency(
        amount,
        money.currency,
        _whole_pattern(locale) if _is_whole(money) else None,
        locale=locale,
        currency_digits=not _is_whole(money),
        numbering_system=_system_of(locale, numerals),
    )
    text = _MARKS.sub("", text).strip()
    if money.currency == "CNY" and market != "CN":
        text = re.sub(r"(?:CN)?¥", "CN¥", text)
    if money.currency == "SAR":
        text = text.replace("ر.س.", "ر.س")
    text = _CODE_THEN_DIGIT.sub("\\1\u00a0", text)
    if money.amount < 0:
        text = MINUS + text
    return text.translate(_FIGURES.get(numerals, {}))


def _is_whole(money: Money) -> bool:
    """Nobody writes the cents of rupiahs or Taiwan dollars where there are none: CLDR knows those without
    small coins. An amount that has some keeps them."""
    digits = _FRACTIONS.get(money.currency, ())
    return len(digits) > 2 and digits[0] != 0 and digits[2] == 0 and money.amount % 1 == 0


@lru_cache(maxsize=256)
def _whole_pattern(locale: Locale) -> str:
    return re.sub(r"\.0+", "", locale.currency_formats["standard"].pattern)


def initials(name: str) -> str:
    """Two letters for an avatar without a picture: `Camille Moreau` is CM, one word its first sign."""
    words = name.split()
    if not words:
        return "·"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

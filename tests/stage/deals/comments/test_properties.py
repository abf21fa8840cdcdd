# SPDX-License-Identifier: Apache-2.0
"""What holds for any comment at all."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from silkcast.ground.places import Country
from silkcast.stage.deals.comments.atoms import cut
from silkcast.stage.deals.comments.drafts import draft
from silkcast.stage.deals.comments.folding import fold
from silkcast.stage.deals.comments.forwarded import forwarded
from silkcast.stage.deals.comments.grammar import grammars, habits, vocabulary
from silkcast.stage.deals.comments.reading import LONGEST, read
from silkcast.stage.deals.comments.tokens import Tokens
from silkcast.stage.deals.comments.values import Cancellation, Order, Reading, WhichVariant

from .labelled import PARTS, labelled, offered, shelves

MOST = 7
EMOJI = ("🙏", "😭", "❤️", "🙏🏽", "👩‍👧", "🇹🇭", "✨", "🔥🔥", "💯", "☺️", "❌", "©")
PHRASES = sorted({" ".join(path) for grammar in grammars().values() for path in grammar.words})
SCRAPS = st.sampled_from(
    [
        *PHRASES,
        "A1",
        "A12",
        "B3",
        "D5",
        "499",
        "12",
        "7",
        "+1",
        "+",
        "x",
        "2",
        "100",
        "0",
        "=",
        "?",
        ",",
        "\n",
        "@",
        "#",
        "-",
        '"',
        "red",
        "M",
        "38",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=LONGEST + 5),
    st.lists(SCRAPS, max_size=12).map(" ".join),
    st.lists(SCRAPS, max_size=12).map("".join),
    st.sampled_from([one.text for part in PARTS for one in labelled(part)]),
)
MARKETS = st.sampled_from([None, *map(Country, habits())])
LANGUAGES = st.sampled_from([*grammars(), "xx", "zh-Hant"])
SHELVES = st.sampled_from(sorted(offered()))


def units(reading: Reading) -> list[int]:
    if isinstance(reading, Order):
        return [line.units for line in reading.lines]
    if isinstance(reading, WhichVariant):
        return [line.units for line in reading.lines] + [ask.units for ask in reading.asks]
    return []


def variants(reading: Reading) -> set[object]:
    if isinstance(reading, Order):
        return {line.variant for line in reading.lines}
    if isinstance(reading, WhichVariant):
        return {line.variant for line in reading.lines} | {
            one for ask in reading.asks for one in ask.candidates
        }
    return set(reading.variants) if isinstance(reading, Cancellation) else set()


@settings(max_examples=500, deadline=None)
@given(text=TEXTS, market=MARKETS, language=LANGUAGES, shelf=SHELVES)
def test_any_comment_is_read_and_only_what_is_offered_comes_out(
    text: str, market: Country | None, language: str, shelf: str
) -> None:
    reading = read(text, market=market, language=language, offered=shelves()[shelf], most=MOST)

    assert all(1 <= one <= MOST for one in units(reading))
    assert variants(reading) <= {one.variant for one in offered()[shelf]}
    if isinstance(reading, Order):
        assert len(variants(reading)) == len(reading.lines) >= 1
    if isinstance(reading, WhichVariant):
        assert all(len(ask.candidates) > 1 for ask in reading.asks)


@settings(max_examples=250, deadline=None)
@given(
    text=TEXTS.filter(lambda text: len(text) < LONGEST - 40),
    emoji=st.lists(st.sampled_from(EMOJI), max_size=5),
    market=MARKETS,
    shelf=SHELVES,
)
def test_emoji_at_the_end_change_nothing(
    text: str, emoji: list[str], market: Country | None, shelf: str
) -> None:
    held = shelves()[shelf]
    plain = read(text, market=market, language="en", offered=held)
    assert read(text + " ".join(emoji), market=market, language="en", offered=held) == plain


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, market=MARKETS)
def test_case_and_width_change_nothing(text: str, market: Country | None) -> None:
    wide = "".join(chr(ord(one) + 0xFEE0) if "0" <= one <= "9" or "a" <= one <= "z" else one for one in text)
    held = shelves()["codes"]
    assert read(wide, market=market, language="en", offered=held) == read(
        text, market=market, language="en", offered=held
    )


@settings(max_examples=200, deadline=None)
@given(
    chat=st.one_of(
        st.text(st.characters(exclude_categories=("Cf", "Zs")), max_size=400),
        st.lists(
            st.sampled_from(
                [
                    "[12:03] Mai: mine",
                    "[1",
                    "12:03\t",
                    "25/11/26, 12:03 - ",
                    "Mai 2026-11-25 12:03",
                    ":",
                    "\n",
                    "99:99",
                    "م",
                ]
            ),
            max_size=20,
        ).map("".join),
    )
)
def test_any_chat_is_cut(chat: str) -> None:
    for one in forwarded(chat):
        assert all(line in chat for line in (one.name, *one.text.split("\n")))


def understand(text: str) -> None:
    """All that `read` does, without its limit of length."""
    shelf = shelves()["dress"]
    draft(Tokens(cut(fold(text)), vocabulary("SG", "en"), shelf, 50).walk(), shelf)


TRAPS = (
    "mine ",
    "+",
    "a",
    "1",
    "1 ",
    "1:",
    "+1",
    "要",
    "不要",
    "ก",
    "i would like to ",
    "red ",
    '"',
    "'",
    "a'",
    "[爱",
    "@",
    "www.",
    "<3",
    "x2",
    "D5",
    "D-",
    "é",
    "a\u0301",
    "ﷺ",
    "．",
    "> ",
    "\n",
)


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("work", [understand, forwarded], ids=["comment", "chat"])
def test_time_grows_with_the_length_and_no_faster(trap: str, work: Callable[[str], object]) -> None:
    short, long = trap * (2000 // len(trap)), trap * (32000 // len(trap))
    work(short)
    spent = min(_spent(work, short) for _ in range(3))
    assert min(_spent(work, long) for _ in range(2)) < 16 * 3 * spent + 0.01


def _spent(work: Callable[[str], object], text: str) -> float:
    gc.disable()  # its rounds grow with the whole house, not with the text
    began = time.process_time()
    work(text)
    spent = time.process_time() - began
    gc.enable()
    return spent

# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.stage.chat.errors import BadWord, NothingSaid, SlowMode, TooFast, TooLong
from silkcast.stage.chat.rules import blocked, folding
from silkcast.stage.chat.rules.blocked import BlockedWords, house_words, words_for
from silkcast.stage.chat.rules.deciding import Room, check_pace, hold_reason
from silkcast.stage.chat.rules.lines import clean, language_of
from silkcast.stage.chat.values import Speaking

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HIDDEN = st.sampled_from(["\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad"])
FAKE = BlockedWords(("fake",))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Does the lid stay on?", None),
        ("cheaper at http://example.test/x", "link"),
        ("see my-shop.com", "link"),
        ("see ｍｙ－shop．com", "link"),
        ("write to me@example.org", "email"),
        ("me @ example . org", "email"),
        ("call 138 0013 8000", "phone"),
        ("٠٥٥١٢٣٤٥٦٧", "phone"),
        ("size 42, 2 pieces", None),
        ("this is FAKE", "word"),
        ("a total scam", "word"),
        ("微 信 联系", "word"),
    ],
)
def test_what_the_host_looks_at_first(text: str, reason: str | None) -> None:
    room = Room(own_words=frozenset({"fake"}))

    assert hold_reason(text, language_of(text, "en"), "CN", room) == reason


def test_links_pass_where_the_room_allows_them_and_addresses_do_not() -> None:
    room = Room(speaking=Speaking(has_links=True))

    assert hold_reason("see my-shop.com", "en", "FR", room) is None
    assert hold_reason("me@example.org", "en", "FR", room) == "email"


@pytest.mark.parametrize(
    "text",
    [
        "fake",
        "FAKE!",
        "ｆａｋｅ",
        "f a k e",
        "f.a.k.e",
        "f4ke",
        "f4k3",
        "faaaake",
        "fa\u200bke",
        "fàke",
        "F-A-K-E",
    ],
)
def test_a_word_is_known_in_every_dress(text: str) -> None:
    assert FAKE.is_in(f"this is {text} here")


@pytest.mark.parametrize("text", ["fakery", "unfake", "snowflake", "fa ke", "4 pieces", "CF499 2M", "faker"])
def test_a_word_inside_another_is_left_alone(text: str) -> None:
    assert not FAKE.is_in(text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("骗子", "这个主播是骗子吧"),
        ("骗子", "骗 . 子"),
        ("ของปลอม", "อันนี้ของปลอมแน่"),
        ("نصاب", "هذا نَصّاب"),
        ("احتيال", "إحتيال"),
        ("moins cher ailleurs", "C’est MOINS   cher ailleurs !"),
        ("fuck", "fuuuuuck"),
        ("asshole", "assshole"),
    ],
)
def test_words_of_other_scripts_and_of_several_words(word: str, text: str) -> None:
    assert BlockedWords((word,)).is_in(text)


@given(st.lists(HIDDEN, min_size=5, max_size=5), st.booleans())
def test_what_is_not_seen_hides_no_word(marks: list[str], is_large: bool) -> None:
    word = "fake".upper() if is_large else "fake"
    dressed = "".join(mark + letter for mark, letter in zip(marks, word, strict=False))

    assert FAKE.is_in(dressed)


@given(st.text(alphabet="abcdefghijklmnop", min_size=1, max_size=6), st.text(alphabet="abcdefgh", max_size=6))
def test_a_longer_word_is_another_word(before: str, after: str) -> None:
    word = f"{before}zqx{after}"

    assert not BlockedWords(("zqx",)).is_in(word)
    assert BlockedWords(("zqx",)).is_in(f"{before} zqx {after}")


@given(st.text(max_size=60))
def test_folding_is_settled_after_once(text: str) -> None:
    assert folding.plain(folding.plain(text)) == folding.plain(text)


def test_the_lists_of_the_house_can_be_read_and_find_their_own_words() -> None:
    house = house_words()

    assert {"en", "fr", "ar", "zh"} <= set(house["languages"])
    for lists in house.values():
        for words in lists.values():
            for word in words:
                assert blocked.check_word(word) == word
                assert BlockedWords((word,)).is_in(f"so {word}!"), word


def test_a_list_holds_in_its_language_and_market_only() -> None:
    none: frozenset[str] = frozenset()

    assert words_for("fr", "FR", none).is_in("une pute")
    assert not words_for("en", "FR", none).is_in("output, put, pute")
    assert words_for("en", "US", none).is_in("a replica")
    assert not words_for("en", "FR", none).is_in("a replica")


@pytest.mark.parametrize("word", ["", "a", "12", "!!", "x" * 41])
def test_a_word_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(BadWord):
        blocked.check_word(word)


@pytest.mark.parametrize(
    ("one", "other"), [("+1", " ＋1 !"), ("Mine!", "mine"), ("so goooood", "so gooood"), ("要 2 M", "要 2 m")]
)
def test_lines_that_say_the_same_fold(one: str, other: str) -> None:
    assert folding.key_of(one) == folding.key_of(other)


@pytest.mark.parametrize(("one", "other"), [("+1", "+2"), ("2 M", "2 L"), ("❤", "🔥"), ("CF 499", "CF 49")])
def test_lines_that_say_something_else_do_not(one: str, other: str) -> None:
    assert folding.key_of(one) != folding.key_of(other)


def test_direction_overrides_are_taken_out() -> None:
    assert clean("abc\u202edef\u0007 \n g") == "abcdef g"


def test_nothing_and_too_much_are_refused() -> None:
    for nothing in (" \u200b ", "\u200d"):
        with pytest.raises(NothingSaid):
            clean(nothing)
    with pytest.raises(TooLong):
        clean("x" * 201)


@given(st.text(max_size=300))
def test_a_cleaned_line_stays_as_it_is(text: str) -> None:
    try:
        line = clean(text)
    except (NothingSaid, TooLong):
        return
    assert clean(line) == line


def test_the_sixth_line_in_ten_seconds_waits() -> None:
    five = [NOON - timedelta(seconds=second) for second in (9, 7, 5, 3, 1)]

    with pytest.raises(TooFast) as refusal:
        check_pace(five, NOON)

    assert refusal.value.retry_seconds == 1
    check_pace(five[1:], NOON)


@given(
    st.lists(st.integers(0, 60_000), max_size=12),
    st.sampled_from([0, 5, 30]),
)
def test_who_waits_as_told_may_speak(ago: list[int], slow: int) -> None:
    moments = [NOON - timedelta(milliseconds=one) for one in ago]
    asked, waits = NOON, 0
    while (wait := wait_for(moments, asked, slow)) is not None:
        asked, waits = asked + timedelta(seconds=wait), waits + 1

    assert waits <= 2  # slow mode first, then the pace
    assert asked - NOON <= timedelta(seconds=max(slow, 10))


def wait_for(moments: list[datetime], now: datetime, slow: int) -> int | None:
    try:
        check_pace(moments, now, slow=slow)
    except (TooFast, SlowMode) as refusal:
        return refusal.retry_seconds
    return None


@pytest.mark.parametrize(
    ("text", "language"),
    [("أريده", "ar"), ("要 2 M", "zh"), ("欲しいです", "ja"), ("Bonsoir", "fr"), ("+1", "fr")],
)
def test_the_language_of_a_line_is_told_by_its_letters(text: str, language: str) -> None:
    if text == "欲しいです":
        assert language_of(text, "ja") == "ja"
        return
    assert language_of(text, "fr") == language


def test_a_line_of_traditional_chinese_keeps_its_shapes() -> None:
    assert language_of("要兩個", "zh-Hant") == "zh-Hant"
    assert language_of("要两个", "pt-BR") == "zh"
    assert language_of("quero 2", "pt-BR") == "pt-BR"

# SPDX-License-Identifier: Apache-2.0
import pytest

from silkcast.faces.crossing import is_crossing

OURS = {b"host": b"shop.test", b"cookie": b"session=x"}


@pytest.mark.parametrize(
    ("more", "crossing"),
    [
        ({b"sec-fetch-site": b"same-origin"}, False),
        ({b"sec-fetch-site": b"cross-site"}, True),
        ({b"sec-fetch-site": b"same-site"}, True),
        ({b"origin": b"https://shop.test"}, False),
        ({b"origin": b"https://shop.test.evil.test"}, True),
        ({b"origin": b"null"}, True),
        ({}, True),
    ],
)
def test_a_change_for_a_person_comes_from_our_own_pages(more: dict[bytes, bytes], crossing: bool) -> None:
    assert is_crossing("POST", OURS | more) is crossing


def test_reading_and_programs_without_cookies_pass() -> None:
    assert not is_crossing("GET", OURS)
    assert not is_crossing("POST", {b"host": b"shop.test", b"authorization": b"Bearer silk_x"})


def test_another_sites_form_does_not_log_anybody_in() -> None:
    form = {b"host": b"shop.test", b"sec-fetch-site": b"cross-site"}

    assert is_crossing("POST", form, "/log-in")
    assert not is_crossing("POST", form, "/api/v1/checkouts")
    assert not is_crossing("POST", {b"host": b"shop.test", b"sec-fetch-site": b"same-origin"}, "/log-in")

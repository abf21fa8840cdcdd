# SPDX-License-Identifier: Apache-2.0
"""A template is compiled once for all languages, and still speaks each of them."""

from __future__ import annotations

from silkcast.faces.render import environment

PAGE = "shop/error.html"


def test_a_template_is_compiled_once_and_speaks_the_language_of_each_reader() -> None:
    english, french = (environment(language) for language in ("en", "fr"))
    assert english is not french
    first, second = (one.get_template(PAGE) for one in (english, french))
    assert first.root_render_func.__code__ is second.root_render_func.__code__
    said = [one.from_string("{{ _('Price') }}").render() for one in (english, french)]
    assert said == ["Price", "Prix"]

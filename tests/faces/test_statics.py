# SPDX-License-Identifier: Apache-2.0
"""Styles, scripts and fonts: packed for who can unpack, kept for good under a hash, and nothing else."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from silkcast.faces.statics import Statics

STYLE = "a { color: red }\n" * 200


@pytest.fixture
def http(tmp_path: Path) -> httpx.AsyncClient:
    (tmp_path / "static" / "built").mkdir(parents=True)
    (tmp_path / "static" / "built" / "site-abc123.css").write_text(STYLE)
    (tmp_path / "static" / "built" / "inter-abc123.woff2").write_bytes(b"wOF2" * 100)
    (tmp_path / "static" / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "secret.css").write_text("not to be seen")
    statics = Statics(tmp_path / "static")

    async def app(scope, receive, send):  # type: ignore[no-untyped-def]
        await statics(scope["path"].removeprefix("/static/"), scope, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop.test")


async def test_a_style_is_packed_for_who_can_unpack_it(http: httpx.AsyncClient) -> None:
    packed = await http.get("/static/built/site-abc123.css", headers={"accept-encoding": "gzip, br"})
    plain = await http.get("/static/built/site-abc123.css", headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(STYLE) / 4
    assert packed.text == plain.text == STYLE
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "accept-encoding"


async def test_a_name_with_a_hash_is_kept_for_good_and_another_for_an_hour(http: httpx.AsyncClient) -> None:
    built = await http.get("/static/built/inter-abc123.woff2")
    other = await http.get("/static/icon.svg")

    assert "immutable" in built.headers["cache-control"]
    assert built.headers["content-type"] == "font/woff2"
    assert other.headers["cache-control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "path",
    ["/static/../secret.css", "/static/built/%2e%2e/%2e%2e/secret.css", "/static/none.css", "/static/built"],
)
async def test_nothing_else_is_given_away(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code == 404


async def test_who_asks_for_the_head_gets_no_body(http: httpx.AsyncClient) -> None:
    answer = await http.head("/static/icon.svg")

    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["content-length"]) > 0

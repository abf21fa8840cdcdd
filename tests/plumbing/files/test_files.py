# SPDX-License-Identifier: Apache-2.0
"""One suite for both places a file can lie: a folder, and a bucket of moto's S3 server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from silkcast.plumbing.files import BadName, Files, FilesSettings, NoSuchFile
from silkcast.plumbing.settings import Secret


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    httpx.put(f"{address}/shop").raise_for_status()
    yield address
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "folder":
        return Files(FilesSettings(folder=tmp_path / "files", base_url="/files/"))
    endpoint = request.getfixturevalue("s3_endpoint")
    return Files(
        FilesSettings(bucket="shop", endpoint=endpoint, access_key=Secret("key"), secret_key=Secret("secret"))
    )


async def test_a_file_comes_back_as_it_was_put(files: Files) -> None:
    content = bytes(range(256)) * 5000
    await files.put("pictures/a1/cup.webp", content)
    assert await files.get("pictures/a1/cup.webp") == content
    assert b"".join([part async for part in files.stream("pictures/a1/cup.webp")]) == content
    assert await files.get_range("pictures/a1/cup.webp", 1, 4) == b"\x01\x02\x03"
    facts = await files.about("pictures/a1/cup.webp")
    assert (facts.size, facts.media_type) == (len(content), "image/webp")
    await files.put("pictures/a1/cup.webp", b"new")
    assert await files.get("pictures/a1/cup.webp") == b"new"
    assert await files.names("pictures") == ["pictures/a1/cup.webp"]
    await files.delete("pictures/a1/cup.webp")
    await files.delete("pictures/a1/cup.webp")
    assert await files.names("pictures") == []


async def test_what_is_not_there_is_not_found(files: Files) -> None:
    with pytest.raises(NoSuchFile):
        await files.get("none.pdf")
    with pytest.raises(NoSuchFile):
        await files.about("none.pdf")
    with pytest.raises(NoSuchFile):
        await files.get_range("none.pdf", 0, 1)
    with pytest.raises(NoSuchFile):
        [part async for part in files.stream("none.pdf")]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../b",
        "a//b",
        "a/",
        ".env",
        "a/.git",
        "A.png",
        "a b",
        "a\0",
        "é",
        "a\\b",
        "a..b",
        "x" * 256,
        "a.",
    ],
)
async def test_a_name_that_could_be_misread_is_refused(files: Files, name: str) -> None:
    for act in (files.get(name), files.put(name, b""), files.delete(name), files.url(name)):
        with pytest.raises(BadName):
            await act


async def test_a_folder_is_served_by_us_and_a_bucket_by_a_signed_link(files: Files) -> None:
    await files.put("labels/k7.pdf", b"%PDF")
    url = await files.url("labels/k7.pdf")
    if files.path("labels/k7.pdf") is not None:
        assert url == "/files/labels/k7.pdf"
        return
    async with httpx.AsyncClient() as client:
        answer = await client.get(url)
    assert (answer.content, answer.headers["content-type"]) == (b"%PDF", "application/pdf")
    assert "X-Amz-Signature" in url

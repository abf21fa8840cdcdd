# SPDX-License-Identifier: Apache-2.0
"""The log tells facts, not secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
import uvicorn

from silkcast.ground.places import Address, Country
from silkcast.plumbing.log import LogSettings, bound, configure_log
from silkcast.plumbing.settings import Secret


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    made = io.StringIO()
    configure_log(LogSettings(format="json"), stream=made)
    yield made
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def last(stream: io.StringIO) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stream.getvalue().splitlines()[-1])
    return found


def test_a_line_holds_its_facts_and_what_is_bound(stream: io.StringIO) -> None:
    with bound(request="r7"):
        structlog.get_logger("test").info("stock.held", units=3)
    line = last(stream)
    assert (line["event"], line["units"], line["request"], line["level"]) == ("stock.held", 3, "r7", "info")
    structlog.get_logger("test").info("later")
    assert "request" not in last(stream)


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "new_password",
        "token",
        "Authorization",
        "cookie",
        "stream_key",
        "email",
        "phone",
        "address",
    ],
)
def test_what_is_secret_or_personal_is_blotted_out_by_its_name(stream: io.StringIO, name: str) -> None:
    structlog.get_logger("test").info("x", **{name: "hunter2"}, inner={name: ["hunter2"]})
    assert "hunter2" not in stream.getvalue()


def test_and_by_its_look(stream: io.StringIO) -> None:
    address = Address(Country("FR"), "Zoé", "5 rue des Lilas", "Lyon")
    structlog.get_logger("test").info(
        "x",
        a="Bearer hunter2.x",
        b="postgresql://me:hunter2@db/x",
        c=Secret("hunter2"),
        to=address,
        country_code="FR",
    )
    assert "hunter2" not in stream.getvalue()
    assert "Lilas" not in stream.getvalue()
    assert last(stream)["country_code"] == "FR"


def test_an_error_keeps_its_class_and_place_but_not_its_text(stream: io.StringIO) -> None:
    try:
        raise LookupError("buyer@example.org")
    except LookupError:
        structlog.get_logger("test").exception("x")
        logging.getLogger("other.library").exception("y")
    assert "example.org" not in stream.getvalue()
    for text in stream.getvalue().splitlines():
        line = json.loads(text)
        assert line["error"] == "builtins.LookupError"
        assert "test_log.py" in line["places"][-1]


def test_other_libraries_write_the_same_lines() -> None:
    uvicorn.Config(lambda: None)  # gives its loggers handlers of their own
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_log(LogSettings(format="json"), stream=stream)
    try:
        logging.getLogger("uvicorn.error").warning("slow %s", "disk")
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.reset_defaults()

    assert last(stream)["event"] == "slow disk"
    assert last(stream)["level"] == "warning"


def test_an_error_on_the_console_tells_no_variables() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    made = io.StringIO()
    configure_log(LogSettings(format="console"), stream=made)
    try:
        _fail_with("a" * 6 + "-in-a-variable")
    except ZeroDivisionError as error:
        structlog.get_logger("test").error("request.failed", exc_info=error)
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.reset_defaults()

    assert "ZeroDivisionError" in made.getvalue()
    assert "aaaaaa-in-a-variable" not in made.getvalue()


def _fail_with(secret: str) -> float:
    return len(secret) / 0

# SPDX-License-Identifier: Apache-2.0
"""Sets up structlog and the standard library's logging alike, with one redaction for both."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, TextIO

import structlog

from silkcast.ground.places import Address
from silkcast.plumbing.settings import Secret

BLOT = "[redacted]"
_HIDDEN = re.compile(
    r"(^|_)(passwords?|passphrase|secrets?|tokens?|authorization|cookies?|signature|api_?key|stream_?key|"
    r"private_?key|code|otp|card|cvc|iban|emails?|phones?|address(es)?|street|postcode|recipient)($|_)",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]+")
_URL_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+@")
_SAFE = frozenset({"error_code", "status_code", "refusal_code", "country_code", "hs_code", "code_origin"})


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How the log is written."""

    format: Literal["console", "json"] = "console"
    level: Literal["debug", "info", "warning", "error"] = "info"


def configure_log(settings: LogSettings, *, stream: TextIO | None = None) -> None:
    """Once, at the start of a program."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        keep_error,
        redact,
    ]
    output = stream or sys.stderr
    closing: list[structlog.typing.Processor]
    if settings.format == "json":
        closing = [error_without_words, structlog.processors.JSONRenderer(default=str)]
    else:
        closing = [
            structlog.dev.ConsoleRenderer(
                colors=output.isatty(),
                # the fancy one prints every variable of every frame, secrets too, and takes seconds
                exception_formatter=structlog.dev.plain_traceback,
            )
        ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *closing],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    for own in ("uvicorn", "uvicorn.error"):  # it may have given itself handlers of its own
        logging.getLogger(own).handlers.clear()
        logging.getLogger(own).propagate = True
    for noisy in ("httpx", "httpcore", "asyncio", "uvicorn.access", "sqlalchemy.engine"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def bound(**facts: object) -> AbstractContextManager[Any]:
    """Within the block every line of this task carries these facts."""
    return structlog.contextvars.bound_contextvars(**facts)


def keep_error(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take hold of the error now: it is no longer there when the line is written out."""
    if entry.get("exc_info") is True:
        entry["exc_info"] = sys.exc_info()
    return entry


def redact(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blot out by name of the field, by type, and what looks like a credential inside a text."""
    for name, value in entry.items():
        if name != "exc_info":
            entry[name] = _redacted(name, value)
    return entry


def _redacted(name: str, value: Any) -> Any:
    if isinstance(value, Secret | Address) or (name not in _SAFE and _HIDDEN.search(name) and value):
        return BLOT
    if isinstance(value, dict):
        return {key: _redacted(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted("", inner) for inner in value]
    if isinstance(value, str):
        return _URL_PASSWORD.sub(rf"\1:{BLOT}@", _BEARER.sub(rf"\1 {BLOT}", value))
    return value


def error_without_words(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Texts of errors hold what people typed. Keep the class and the places it came through."""
    found = entry.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        entry["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        entry["places"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-12:]
        ]
    return entry

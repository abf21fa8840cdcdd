# SPDX-License-Identifier: Apache-2.0
"""Reads a carrier's rate sheet from YAML, or puts it together from packs. One with a hole is refused
whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.places import COUNTRIES, Country
from silkcast.ground.quantity import Weight
from silkcast.plumbing import packs
from silkcast.trade.shipping.values import RateSheet, Route, Service

FILE = "carriers.yaml"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same language either way; the one in C reads ten times as fast."""
FAULTS = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, yaml.YAMLError)


class BadSheet(ValueError):
    """The sheet cannot be read. `args[0]` says where."""


def _service(code: str, given: Mapping[str, Any]) -> Service:
    hours, minutes = str(given["cutoff"]).split(":")
    return Service(
        code=code,
        name=Words(dict(given["name"])),
        max_weight=Weight(given["max_grams"]),
        max_side_mm=given["max_side_mm"],
        max_girth_mm=given["max_girth_mm"],
        volumetric_divisor=given.get("volumetric_divisor"),
        cutoff=time(int(hours), int(minutes)),
        handling_days=given["handling_days"],
        features=tuple(given.get("features", ())),
    )


def _country(code: str) -> Country:
    if code not in COUNTRIES:
        raise BadSheet(f"no such country: {code!r}")
    return Country(code)


def _route(given: Mapping[str, Any]) -> Route:
    currency, fee = given["currency"], given.get("cod_fee")
    days_min, days_max = given["days"]
    if not 0 < days_min <= days_max or not isinstance(given["valid_from"], date):
        raise BadSheet(f"days or validity of {given['from']} to {given['to']}")
    return Route(
        service=given["service"],
        origin=_country(given["from"]),
        destination=_country(given["to"]),
        first=Money.of(str(given["first"]), currency),
        each=Money.of(str(given["each"]), currency),
        days_min=days_min,
        days_max=days_max,
        cod_fee=None if fee is None else Money.of(str(fee), currency),
        valid_from=given["valid_from"],
        valid_to=given.get("valid_to"),
    )


def read_sheet(text: str) -> RateSheet:
    """A rate sheet from its YAML text."""
    try:
        given = yaml.load(text, Loader=LOADER)  # noqa: S506
        services = {code: _service(code, service) for code, service in given["services"].items()}
        routes = tuple(_route(route) for route in given["routes"])
    except FAULTS as fault:
        raise BadSheet(str(fault)) from fault
    return _whole(given, services, routes)


def _whole(given: Mapping[str, Any], services: Mapping[str, Service], routes: tuple[Route, ...]) -> RateSheet:
    unknown = {route.service for route in routes} - services.keys()
    if unknown:
        raise BadSheet(f"routes name services that are not there: {sorted(unknown)}")
    return RateSheet(given["carrier"], services, routes, given["source"], given["mark"])


def pack_sheet(services: str, carrier: str) -> RateSheet:
    """A carrier's sheet put together: its services, and the routes that markets name for it in their packs. A
    file may hold several carriers, one a document, and services of its own."""
    given = yaml.load(services, Loader=LOADER)  # noqa: S506
    known = {code: _service(code, service) for code, service in given["services"].items()}
    routes: list[Route] = []
    for path in packs.files(FILE).values():
        try:
            for told in yaml.load_all(path.read_text("utf-8"), Loader=LOADER):
                if told["carrier"] != carrier:
                    continue
                known |= {code: _service(code, one) for code, one in told.get("services", {}).items()}
                routes += [_route(route) for route in told["routes"]]
        except FAULTS as fault:
            raise BadSheet(f"{path.parent.name}/{path.name}: {_words(fault)}") from fault
    return _whole(given, known, tuple(routes))


def _words(fault: Exception) -> str:
    return f"{fault} is missing" if isinstance(fault, KeyError) else " ".join(str(fault).split())


def sandbox_sheet() -> RateSheet:
    """The sheet of the sandbox carrier."""
    return _sandbox(packs.folders())


@lru_cache(maxsize=4)
def _sandbox(folders: tuple[Path, ...]) -> RateSheet:
    services = (resources.files(__package__) / "data" / "services.yaml").read_text("utf-8")
    return pack_sheet(services, "sandbox")

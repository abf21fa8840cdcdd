# SPDX-License-Identifier: Apache-2.0
"""Reads a carrier's rate sheet from YAML. A sheet with a hole in it is refused whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.ground.quantity import Weight
from silkcast.trade.shipping.values import RateSheet, Route, Service


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


def _route(given: Mapping[str, Any]) -> Route:
    currency, fee = given["currency"], given.get("cod_fee")
    days_min, days_max = given["days"]
    if not 0 < days_min <= days_max or not isinstance(given["valid_from"], date):
        raise BadSheet(f"days or validity of {given['from']} to {given['to']}")
    return Route(
        service=given["service"],
        origin=Country(given["from"]),
        destination=Country(given["to"]),
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
        given = yaml.safe_load(text)
        services = {code: _service(code, service) for code, service in given["services"].items()}
        routes = tuple(_route(route) for route in given["routes"])
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as fault:
        raise BadSheet(str(fault)) from fault
    unknown = {route.service for route in routes} - services.keys()
    if unknown:
        raise BadSheet(f"routes name services that are not there: {sorted(unknown)}")
    return RateSheet(given["carrier"], services, routes, given["source"], given["mark"])


@lru_cache(maxsize=1)
def sandbox_sheet() -> RateSheet:
    """The sheet of the sandbox carrier."""
    return read_sheet((resources.files(__package__) / "data" / "rates.yaml").read_text("utf-8"))

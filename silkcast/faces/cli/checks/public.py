# SPDX-License-Identifier: Apache-2.0
"""The settings: is the address one that people can reach, and is anything left as the sandbox has it?"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from silkcast.faces.house import SiteSettings
from silkcast.plumbing.settings import Secret, Settings

from .finding import Finding, fail, ok, warn

SANDBOXES = ("sandbox", "mailbox")
_SECRET = re.compile(r"(^|_)(key|keys|secret|secrets|password)$")


def origin(site: SiteSettings) -> Iterator[Finding]:
    """The public address: its form, and whether log-ins are safe on the way."""
    if site.is_demo and not site.origin:
        yield ok("origin", f"{site.address}, a demo on this machine")
        return
    if not site.origin:
        cure = (
            "set site.origin (SILKCAST_SITE__ORIGIN) to the public address, for example https://shop.example"
        )
        yield fail("origin", f"not set: links in messages would say {site.address}", cure)
        return
    parts = urlsplit(site.origin)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        cure = "write scheme and host, nothing behind: https://shop.example"
        yield fail("origin", f"{site.origin} is not an address of a site", cure)
        return
    if is_local(parts.hostname):
        yield warn(
            "origin", f"{site.origin} is reached from here alone", "set site.origin to the public address"
        )
    if parts.scheme != "https":
        cure = "put a proxy with a certificate before it and set site.origin to https://…"
        yield fail("cookies", "http: log-ins and addresses travel open, cookies are not Secure", cure)
        return
    yield ok("origin", site.origin)
    yield ok("cookies", "Secure, HttpOnly, SameSite=Lax")
    if not site.is_behind_proxy:
        cure = "if a proxy ends TLS set site.is_behind_proxy = true: else all visitors share one address"
        yield warn("proxy", "https, and nothing said of a proxy; silkcast itself speaks http", cure)


def is_local(host: str) -> bool:
    """A name or number that nobody outside can reach."""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or "." not in host
    return not number.is_global


def sessions(site: SiteSettings) -> Finding:
    if 1 <= site.session_days <= 90:
        return ok("sessions", f"{site.session_days} days")
    return warn("sessions", f"{site.session_days} days", "set site.session_days between 1 and 90")


def sandboxes(
    settings: Settings, chosen: Mapping[str, tuple[str, ...]], site: SiteSettings
) -> Iterator[Finding]:
    """In earnest, no sandbox engine serves and no secret is one that everybody knows."""
    if site.is_demo:
        yield ok("engines", "a demo: sandboxes serve, no money moves")
        return
    for kind, names in chosen.items():
        for name in names:
            if name in SANDBOXES:
                cure = f"choose another engine in [engines], or set site.is_demo = true ({kind})"
                yield warn("engines", f"{kind}: {name} is a sandbox, nothing leaves this machine", cure)
    for value in settings:
        if not _SECRET.search(value.key) or value.origin.kind != "default" or "." not in value.section:
            continue
        if value.key.startswith("former_"):  # for the days in which a secret is turned
            continue
        said = value.value.reveal() if isinstance(value.value, Secret) else value.value
        state = "has the value everybody knows" if said else "is not set"
        yield fail("secrets", f"[{value.section}] {value.key} {state}", f"set {value.variable}")

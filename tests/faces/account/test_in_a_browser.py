# SPDX-License-Identifier: Apache-2.0
"""On a phone of 360 pixels, in Arabic: in with a code by text, a passkey added, and in with that."""

from __future__ import annotations

import time
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from tests.story.test_axe import AXE, FOUND, RULES

from .conftest import Door

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
NOTES = """
window.asked = []
PublicKeyCredential.isConditionalMediationAvailable = async () => true
const get = navigator.credentials.get.bind(navigator.credentials)
navigator.credentials.get = (options) => {
  const { rpId, userVerification } = options.publicKey ?? {}
  window.asked.push({ mediation: options.mediation, rpId, userVerification })
  return get(options)
}
"""
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def phone(chromium: Any, door: Door, *, script: bool = True, language: str = "ar") -> Any:
    context = chromium.new_context(
        locale=f"{language}-SA",
        viewport={"width": 360, "height": 740},
        java_script_enabled=script,
        bypass_csp=script,
    )
    chosen = {"market": "SA", "language": language}
    context.add_cookies(
        [{"name": name, "value": value, "url": door.origin} for name, value in chosen.items()]
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    return page


def with_device(page: Any) -> tuple[Any, str]:
    """Chromium's own authenticator, that says yes for whoever holds the phone."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return cdp, made["authenticatorId"]


def last_code(texts: Path, before: int) -> str:
    until = time.monotonic() + 30
    while len(laid := sorted(texts.glob("*.eml"))) <= before:
        assert time.monotonic() < until, "the text was laid"
        time.sleep(0.1)
    words = str(message_from_bytes(laid[-1].read_bytes(), policy=SMTP).get_content())
    return words.strip().splitlines()[-1].split("#")[1]


def fits(page: Any) -> None:
    """Nothing is wider than the phone, and axe has no serious word about it."""
    assert page.evaluate(WIDER) <= 0, f"{page.url} is wider than the phone"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(FOUND, RULES) == [], page.url


def register(page: Any, door: Door, number: str) -> None:
    before = len(list(door.texts.glob("*.eml")))
    page.goto(f"{door.origin}/log-in?next=/you")
    fits(page)
    page.fill("input[name=contact]", number)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/code?**")
    fits(page)
    arabic = last_code(door.texts, before).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    page.locator("input[name=code]").press_sequentially(arabic)
    page.wait_for_url("**/welcome?**")
    fits(page)
    page.fill("input[name=name]", "نورة")
    page.check("input[name=agrees]")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{door.origin}/you")
    fits(page)


def log_out(page: Any) -> None:
    page.locator("form[action='/log-out'] button").click()
    page.wait_for_url("**/")


def test_a_passkey_is_added_used_and_removed_on_a_phone(chromium: Any, door: Door) -> None:
    page = phone(chromium, door)
    cdp, device = with_device(page)
    register(page, door, "٠٥١٢٣٤٥٦٧٨")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("bdi[dir=ltr]", has_text="+966512345678").count() == 1

    page.fill("sc-passkey input", "هاتفي")
    page.locator("sc-passkey button").click()
    page.locator("#passkeys .card", has_text="هاتفي").wait_for()
    fits(page)
    (kept,) = cdp.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert (kept["rpId"], kept["isResidentCredential"]) == ("localhost", True)
    log_out(page)

    cdp.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": device, "enabled": False})
    page.goto(f"{door.origin}/log-in?next=/you")
    page.wait_for_function("() => customElements.get('sc-passkey')")
    fits(page)
    cdp.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": device, "enabled": True})
    page.locator("sc-passkey button").click()
    page.wait_for_url(f"{door.origin}/you")
    assert "نورة" in page.locator("h1").inner_text()

    page.locator("#passkeys form[action$='/remove'] button").click()
    page.wait_for_function("() => !document.querySelector('#passkeys .card')")
    log_out(page)
    page.goto(f"{door.origin}/log-in?next=/you")
    page.locator("sc-passkey button").click()
    page.wait_for_function("() => document.querySelector('sc-passkey [data-wrong]').textContent")
    assert page.url.endswith("/log-in?next=/you")
    assert page.faults == []


def test_who_is_not_verified_by_their_phone_does_not_come_in(chromium: Any, door: Door) -> None:
    page = phone(chromium, door)
    cdp, device = with_device(page)
    register(page, door, "0512345679")
    page.locator("sc-passkey button").click()
    page.locator("#passkeys .card").wait_for()
    log_out(page)
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto(f"{door.origin}/log-in?next=/you")
    page.locator("sc-passkey button").click()
    page.wait_for_timeout(1500)
    assert page.url.endswith("/log-in?next=/you")
    assert page.faults == []


def test_passkeys_are_among_the_suggestions_of_the_field(chromium: Any, door: Door) -> None:
    """As far as a browser without a face goes: it is asked, of the one field, with a challenge of its own."""
    page = phone(chromium, door)
    with_device(page)
    page.add_init_script(NOTES)
    with page.expect_response("**/passkeys/ask") as asked:
        page.goto(f"{door.origin}/log-in")
    page.wait_for_function("() => window.asked.length")
    told, wanted = asked.value.json(), page.evaluate("() => window.asked[0]")
    assert page.locator("input[name=contact]").get_attribute("autocomplete") == "username webauthn"
    assert (wanted["mediation"], wanted["rpId"]) == ("conditional", "localhost")
    assert told["userVerification"] == wanted["userVerification"] == "required"


def test_without_script_the_page_is_whole(chromium: Any, door: Door) -> None:
    page = phone(chromium, door, script=False, language="en")
    before = len(list(door.texts.glob("*.eml")))
    page.goto(f"{door.origin}/log-in?next=/you")
    assert not page.locator("sc-passkey").is_visible()
    page.fill("input[name=contact]", "0512345677")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/code?**")
    page.fill("input[name=code]", last_code(door.texts, before))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/welcome?**")
    page.fill("input[name=name]", "Noura")
    page.check("input[name=agrees]")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{door.origin}/you")
    assert not page.locator("sc-passkey").is_visible()
    assert page.locator("h1").inner_text() == "Noura"

# SPDX-License-Identifier: Apache-2.0
"""What is sealed opens for its own context only, and nobody else can sign."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.plumbing.vault import BadSeal, BadToken, TokenExpired, Vault, new_key, parse_keys, vault_at

ONE, TWO = b"1" * 32, b"2" * 32
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_is_sealed_opens_again(plain: bytes, context: str) -> None:
    vault = Vault({1: ONE})
    assert vault.open_bytes(vault.seal(plain, context), context) == plain


def test_sealing_twice_shows_no_likeness() -> None:
    vault = Vault({1: ONE})
    assert vault.seal("same", "row:1") != vault.seal("same", "row:1")


@pytest.mark.parametrize("context", ["row:2", "", "row:1 "])
def test_a_seal_moved_to_another_row_does_not_open(context: str) -> None:
    vault = Vault({1: ONE})
    with pytest.raises(BadSeal):
        vault.open(vault.seal("5 rue des Lilas", "row:1"), context)


@pytest.mark.parametrize("sealed", ["", "1.", "1.abc", "2.AAAA", "x", "1.????", "9.é", "-1.AAAA"])
def test_what_we_did_not_seal_is_refused(sealed: str) -> None:
    with pytest.raises(BadSeal):
        Vault({1: ONE}).open(sealed, "row:1")


def test_every_changed_letter_is_noticed() -> None:
    vault = Vault({1: ONE})
    sealed = vault.seal("plain", "row:1")
    for place in range(2, len(sealed)):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        if changed[-1] != sealed[-1] and place == len(sealed) - 1:
            continue  # the last letter may hold unused bits
        with pytest.raises(BadSeal):
            vault.open(changed, "row:1")


def test_a_key_is_turned_by_adding_one() -> None:
    old = Vault({1: ONE})
    turned = Vault({1: ONE, 2: TWO})
    sealed, token = old.seal("plain", "row:1"), old.sign({"user": "7"}, "login", until=LATER)
    assert turned.open(sealed, "row:1") == "plain"
    assert turned.is_stale(sealed)
    assert not turned.is_stale(turned.seal("plain", "row:1"))
    assert turned.verify(token, "login", now=NOON) == {"user": "7"}
    assert turned.blind("+33 6", "phone") == old.blind("+33 6", "phone")
    with pytest.raises(BadSeal):
        Vault({2: TWO}).open(sealed, "row:1")


def test_a_token_serves_its_purpose_until_its_end() -> None:
    vault = Vault({1: ONE})
    token = vault.sign({"order": "K7"}, "order page", until=LATER)
    assert vault.verify(token, "order page", now=NOON) == {"order": "K7"}
    with pytest.raises(TokenExpired):
        vault.verify(token, "order page", now=LATER)
    with pytest.raises(BadToken):
        vault.verify(token, "login", now=NOON)
    number, body, signature = token.split(".")
    forged = [
        f"{number}.{body}x.{signature}",
        f"{number}.{body}.",
        f"7.{body}.{signature}",
        "",
        "..",
        "1.é.é",
    ]
    for text in forged:
        with pytest.raises(BadToken):
            vault.verify(text, "order page", now=NOON)


def test_an_index_is_alike_for_alike_and_differs_by_context() -> None:
    vault = Vault({1: ONE})
    assert vault.blind("a@b.c", "email") == vault.blind("a@b.c", "email")
    assert vault.blind("a@b.c", "email") != vault.blind("a@b.c", "phone")
    assert vault.blind("a@b.c", "email") != Vault({1: TWO}).blind("a@b.c", "email")


def test_the_key_file_is_made_once_and_is_private(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "keys"
    vaults: list[Vault] = []
    threads = [threading.Thread(target=lambda: vaults.append(vault_at(file))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed = vaults[0].seal("plain", "row:1")
    assert {vault.open(sealed, "row:1") for vault in vaults} == {"plain"}
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["keys"]


@pytest.mark.parametrize("text", ["", "1:short", "one:" + "A" * 43, "0:" + "A" * 43, "1"])
def test_keys_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="keys are"):
        Vault(parse_keys(text))


def test_keys_are_read_as_they_are_printed() -> None:
    assert set(parse_keys(f"1:{new_key()}, 2:{new_key()}")) == {1, 2}

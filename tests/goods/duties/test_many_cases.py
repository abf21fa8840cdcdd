# SPDX-License-Identifier: Apache-2.0
"""Big files of cases, and files with something wrong in one place."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml

from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BrokenRules
from silkcast.goods.duties.reader.document import Fault, load

from .chance import cases

OWN = Path(__file__).with_name("cases.yaml").read_bytes()
PIECES = [
    *("& * ? | > { } [ ] : - ' \" ~ null 0610 2026-02-30 .nan <<: !!set !!binary %YAML 1:2 yes".split()),
    "\x00",
    "\ufeff",
]


def written(count: int, seed: int) -> bytes:
    return yaml.dump({"cases": cases(count, seed)}, Dumper=yaml.CSafeDumper, sort_keys=False).encode()


@pytest.mark.parametrize("seed", range(4))
def test_every_word_of_the_format_gives_what_the_plain_reading_gives(seed: int) -> None:
    lines = [one.line for one in duties.check(written(150, seed)) if one.outcome != "ok"]
    assert lines == []


def test_cases_by_chance_use_every_word() -> None:
    text = written(300, 1).decode()
    for word in (
        "notional per_unit per_kg per_code half_even half_up up down goods_freight incoterm codes shipments "
        "inside divisor excess share .full .charged base_rounding not_hs proof region limits bonded no_rate "
        "no_rules stop_0 '0610 sum max min kind:"
    ).split():
        assert word in text, word


def test_a_key_given_twice_breaks_its_case_and_no_other() -> None:
    text = OWN.replace(b"  market: KW", b"  market: KW\n  market: KW", 1)
    first, *others = duties.check(text)
    assert first.line.startswith("PER-UNIT broken: file.cases[0] (line ")
    assert "'market' is given twice" in first.line
    assert {one.outcome for one in others} == {"ok"}


def test_a_broken_case_is_named_with_its_line() -> None:
    number = next(n for n, line in enumerate(OWN.splitlines(), 1) if b"quantity: 3" in line)
    first = next(iter(duties.check(OWN.replace(b"quantity: 3", b"quantity: three", 1))))
    assert f"lines[0].quantity (line {number}): a whole number is wanted" in first.line


def test_anchors_are_one_object_and_merged_keys_may_be_overruled() -> None:
    document = load("a: &a {x: '1', y: &y [z]}\nb: &b {<<: *a, x: '2'}\nc: {<<: [*b, *a], w: *y}\nd: *a")
    assert isinstance(document.value, dict)
    found = document.value
    assert found["b"] == {"x": "2", "y": ["z"]}
    assert found["c"] == {"x": "2", "y": ["z"], "w": ["z"]}
    assert found["d"] is found["a"]
    assert document.line(["c", "y"]) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: !!python/object:os.system x", "the tag tag:yaml.org,2002:python/object:os.system has no place"),
        ("a: 2026-02-30", "cannot be read"),
        (f"a: {'9' * 5000}", "cannot be read"),
        ("a: {b: 1, b: 1}", "the key 'b' is given twice"),
        ("a: {[1]: 1}", "a key is a plain word"),
        ("a: {<<: 3}", "only mappings can be merged"),
    ],
)
def test_what_yaml_knows_and_the_format_does_not_is_a_fault_where_it_stands(text: str, reason: str) -> None:
    value = load(text).value
    assert isinstance(value, dict)
    assert isinstance(value["a"], Fault)
    assert reason in value["a"].reason


@pytest.mark.parametrize(
    "text",
    [
        "[" * 3000,
        "a: *b",
        "a: &a [*a]",
        "a: 1\n--- \nb: 1",
        "a: '\x00'",
        "a0: &a0 [1, 1]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)),
    ],
)
def test_what_would_never_end_is_refused(text: str) -> None:
    with pytest.raises(BrokenRules):
        load(text)


@pytest.mark.parametrize("seed", range(60))
def test_a_file_with_scratches_is_judged_or_refused_and_nothing_else(seed: int) -> None:
    by = random.Random(seed)
    lines = OWN.decode().splitlines()
    for _ in range(by.randint(1, 3)):
        at = by.randrange(len(lines))
        cut = by.randrange(len(lines[at]) + 1)
        lines[at] = by.choice(
            [
                lines[at][:cut] + by.choice(PIECES) + lines[at][cut:],
                lines[at][2:],
                lines[by.randrange(len(lines))],
            ]
        )
    try:
        found = list(duties.check("\n".join(lines)))
    except BrokenRules:
        return
    assert found
    assert all(one.line.startswith(one.id) for one in found)

# SPDX-License-Identifier: Apache-2.0
"""A program asks where a product may be sold, and appeals once."""

from __future__ import annotations

from uuid import uuid4

from tests.faces.api.test_api import V1, Program, is_problem, key, made_product, product_body, program

__all__ = ["program"]


async def toy(program: Program) -> str:
    body = product_body(names={"en": "Wooden toy", "zh": "木制玩具"})
    made = await program.http.post(f"{V1}/products", json=body, headers=key())
    assert made.status_code == 201, "it is saved all the same"
    return str(made.json()["id"])


async def test_where_a_product_may_be_sold(program: Program) -> None:
    answer = await program.http.get(f"{V1}/products/{await toy(program)}/admission")

    there = {one["market"]: one for one in answer.json()["items"]}
    assert (there["FR"]["standing"], there["SG"]["standing"]) == ("papers_needed", "admitted")
    (found,) = there["FR"]["findings"]
    assert (found["code"], found["reason"], found["papers"]) == ("toys", "toy_mark", ["toy_certificate"])
    assert found["law"] == "Directive 2009/48/EC"
    assert set(found["matched"]) == {"toy", "玩具"}


async def test_an_appeal_is_made_once_and_listed(program: Program) -> None:
    path = f"{V1}/products/{await toy(program)}/appeals"
    body, same = {"market": "FR", "words": "EN 71 report 12"}, key()

    made = await program.http.post(path, json=body, headers=same)
    again = await program.http.post(path, json=body, headers=same)
    other = await program.http.post(path, json=body, headers=key())

    assert (made.status_code, made.json()["state"]) == (201, "open")
    assert again.json() == made.json()
    assert is_problem(other, 409, "admission.appeal_open")
    listed = (await program.http.get(f"{V1}/appeals")).json()["items"]
    assert [one["id"] for one in listed] == [made.json()["id"]]


async def test_what_cannot_be_appealed_is_refused(program: Program) -> None:
    cup, wooden = (await made_product(program))["id"], await toy(program)
    for product, body, status, code in (
        (cup, {"market": "FR", "words": "please"}, 409, "admission.nothing_to_appeal"),
        (wooden, {"market": "XX", "words": "please"}, 422, "admission.bad_appeal"),
        (wooden, {"market": "FR", "words": " "}, 422, "admission.bad_appeal"),
        (str(uuid4()), {"market": "FR", "words": "please"}, 404, "catalog.not_found"),
    ):
        answer = await program.http.post(f"{V1}/products/{product}/appeals", json=body, headers=key())
        assert is_problem(answer, status, code)

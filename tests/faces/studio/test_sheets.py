# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from decimal import Decimal

import pytest

from silkcast.faces.spreadsheet import as_csv


@pytest.mark.parametrize("name", ["=1+1", "+1", "-2+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1"])
def test_no_name_is_calculated_by_a_spreadsheet(name: str) -> None:
    line = as_csv("orders", ["buyer"], [[name]]).content.decode("utf-8-sig").splitlines()[1]

    assert line.strip('"').startswith("'")


def test_a_figure_below_zero_stays_a_figure() -> None:
    assert "\r\n-2.50\r\n" in as_csv("payouts", ["amount"], [[Decimal("-2.50")]]).content.decode("utf-8-sig")

# SPDX-License-Identifier: Apache-2.0
"""Every handler of the viewer's pages."""

from __future__ import annotations

from silkcast.faces.shop import (
    buy,
    claims,
    handing,
    market,
    one_tap,
    order,
    public,
    returning,
    sharing,
    texts,
    window,
    withdrawing,
)

ROUTES = (
    *window.ROUTES,
    *buy.ROUTES,
    *claims.ROUTES,
    *handing.ROUTES,
    *one_tap.ROUTES,
    *order.ROUTES,
    *returning.ROUTES,
    *withdrawing.ROUTES,
    *texts.ROUTES,
    *market.ROUTES,
    *sharing.ROUTES,
    *public.ROUTES,
)

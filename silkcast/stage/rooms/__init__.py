# SPDX-License-Identifier: Apache-2.0
"""Rooms: shows that a seller plans, opens, and ends, and what is pinned in them.

A *show* is planned, live or ended. Its *run* is the list of products in the order they will be shown. A *pin*
is the stretch of time one product was in front of everybody; a show has at most one open pin. The *stream
key* is the seller's secret: sealed at rest, found by its blind index, and never shown to anybody else. The
*replay* is the recording, with the pins as its moments.

Promises: one open pin a show; a key opens one show; an ended show does not start again.
"""

# SPDX-License-Identifier: Apache-2.0
"""Insight: what was sold, where and when, counted as it happens.

A *sale* is an order that was paid, or taken on the promise to pay at the door. Sums are kept by show, by
product of a show, and by day and market of a seller; each order is counted once. Sums say what was sold:
what came back later is the ledger's to tell.
"""

# SPDX-License-Identifier: Apache-2.0
"""Closings: the off switch of a market.

A *closure* says that no new orders are taken in a market: from when, until when (or until somebody opens it
again), why, by whom, and what becomes of the orders that are open there: they *finish*, or are *refunded*.
A market has one closure at a time, in force or still to come; those that ended are its history.

Promises: once a closure was acknowledged, no order of that market is placed, in whatever process: who places
orders holds the market's *gate* while they do, and who closes it waits for them. Other markets wait for
nothing.
"""

# SPDX-License-Identifier: Apache-2.0
"""Teams: what a local team may change in its market, how far, and all that it changed.

*Limits* are set by head office for a market, or for one shop in it: how far a local price and a local floor
may lie from the *base* (the shop's own price), and by how much a deal may lower it at most. A *change* is one
thing that was set otherwise: before, after, by whom, when and why; one can be undone while nobody changed the
same thing again. *Settings* are what a team sets that no other module keeps: the discount of deals, texts for
buyers.

Promises: limits and changes are only ever added to; who may do what is identity's (`managing.py`).
"""

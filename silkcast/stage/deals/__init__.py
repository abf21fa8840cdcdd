# SPDX-License-Identifier: Apache-2.0
"""Deals: a flash sale in a room, and who came when.

A *deal* offers some variants of the show's run at a price of its own, in some markets, for some minutes. Each
variant has a *lane*: units that were taken out of stock for it, and a queue of *claims*. A claim has a
*number* in its lane, in the order in which the *committer* took it up, and an answer that never changes:
granted (a unit is held until a moment), waiting (a place in line), sold out, or over the buyer's limit. A
granted claim becomes a whole order in time, or *expires*, and its unit is offered to the next in line.
A *coupon* lowers the price of a unit and is claimed in the room only. A *comment order* is a chat line read
as an order (`comments/`).

Promises: no lane ever grants more units than it has; numbers have no gaps; the same key gets the same answer;
what became of each claim can be told from the tables alone (`replay`).
"""

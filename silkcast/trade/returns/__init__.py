# SPDX-License-Identifier: Apache-2.0
"""Returns: the buyer changes their mind, within the market's days, and the money goes back exactly.

A return is *asked*, *accepted* or *declined* by the seller (or accepted by the clock when the seller does
not answer), *sent back*, *received* and *refunded*; or *closed* with nothing, when it is withdrawn or never
sent. What goes back is goods by the unit, tax and duty by their share where the market's rule gives them
back, and freight and fees with the last unit. However an order is split into returns, their money sums to
the whole to the minor unit: an amount is fixed when the goods are received, counted on from those before.
"""

# SPDX-License-Identifier: Apache-2.0
"""Duties: what a parcel costs until it lies on the buyer's table, by dated rules that are data.

Words: a rule set holds the law of one market for some goods; a component is one charge (duty, tax, a
fee) and has rows; a row is one line of law with its dates, mark and source. A shipment is judged on a
day. Promises: no country has code of its own; nothing is rounded but where the rules say so; goods whose
rate is not known are refused, never charged nothing; each figure can say which rows made it.
"""

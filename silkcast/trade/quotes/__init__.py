# SPDX-License-Identifier: Apache-2.0
"""Quotes: the whole price of some goods in one market, line by line, each with its reason.

An *offer* is worked out from goods, freight and the dated rules of the market; nothing is asked or kept. A
*quote* is an offer that was promised to somebody until a moment, with the date of its rules. What may not be
sold there ends in a refusal with its reason, never in a price without a line.

Promises: the lines of an offer add up to its total; a kept quote never changes.
"""

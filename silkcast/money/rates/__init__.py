# SPDX-License-Identifier: Apache-2.0
"""Rates of exchange: dated, sourced, exact; and prices suggested from them by a market's habit.

Words: a rate says what one unit of its base is worth in its quote on a day; a peg is a rate fixed by a
state, which does not grow old. Promises: a rate is only ever added, never changed; a rate that is too
old is refused, not used; nothing is rounded but the amount at the end.
"""

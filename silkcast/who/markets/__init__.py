# SPDX-License-Identifier: Apache-2.0
"""Markets: where things are sold, each a dated file of data: money, languages, habits, payment, returns.

Words: a market is one country's way of buying; an edition is a market from one day to another; a habit is
how prices end there; a return rule says how long goods may come back and what money goes back. Promises:
no market has code of its own, adding one adds a file; what is asked for a day is answered for that day.
"""

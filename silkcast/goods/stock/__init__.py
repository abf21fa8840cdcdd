# SPDX-License-Identifier: Apache-2.0
"""Stock: how many units lie where, and who holds some of them.

A level is one variant in one warehouse: so many *on hand*, so many of these *held*; the rest is *free*. A
hold sets units aside until a moment, all that was wanted or none. It ends once: taken (sold) or released
(given back, by hand or by the clock). Every change is a movement, and movements are never changed.

Promises, kept by the database itself: 0 <= held <= on hand, so nothing is sold twice however many buyers
come at once; and the movements of a level add up to the level.
"""

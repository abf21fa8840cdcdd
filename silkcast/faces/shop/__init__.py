# SPDX-License-Identifier: Apache-2.0
"""Shop: the viewer's pages. Home, shops, products, rooms, buying, orders, returns, log-in.

`views.py` says what each of them shows.
"""

# SPDX-License-Identifier: Apache-2.0
"""The viewer's pages: home, shops, products, rooms, buying, orders, returns, log-in.

`views.py` says what each of them shows.
"""

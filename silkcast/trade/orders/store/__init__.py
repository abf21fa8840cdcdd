# SPDX-License-Identifier: Apache-2.0
"""The tables of orders, read and written: `whole` orders with all that is personal, and `claimed` ones, which
are placed many at once and share their terms."""

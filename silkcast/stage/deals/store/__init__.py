# SPDX-License-Identifier: Apache-2.0
"""The tables of deals, read and written: `deals` with their lanes and prices, and `claims`."""

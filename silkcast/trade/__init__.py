# SPDX-License-Identifier: Apache-2.0
"""The dealings: orders, payments, shipping, customs, returns, quotes."""

# SPDX-License-Identifier: Apache-2.0
"""Deals: the flash sale in a room.

Words: a *comment order* is a chat line that is read as an order (`comments/`).
"""

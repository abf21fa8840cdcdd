# SPDX-License-Identifier: Apache-2.0
"""Sellers: the shops, who runs them, where their goods lie, and who they are before customs.

A shop belongs to the user who opened it; `access` is the one question that decides whether somebody may act
for a shop, and another's shop is not found. Return addresses and warehouses are personal and are sealed.
"""

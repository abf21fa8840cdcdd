# SPDX-License-Identifier: Apache-2.0
"""Silkcast: cross-border live commerce. The floors, from the ground up, are in docs/house.md."""

__version__ = "0.1.0"
